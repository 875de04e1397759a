// Colours of a line: SGR sequences become spans. The text itself is only ever text.

/** The 16 colours that a theme chooses are classes; all others are as the job chose them. */
const PALETTE = 16;

const SEQUENCE = /\x1b\[([0-9;:]*)m/g;

/** What is left of sequences that set no colour, and of control characters: never shown. */
const CONTROL = /\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f]/g;

/** The nodes that show a line. */
export function coloured(body) {
  const nodes = [];
  let style = {};
  let from = 0;
  const put = (until) => {
    const text = body.slice(from, until).replace(CONTROL, '');
    if (text) nodes.push(styled(text, style));
  };
  for (const match of body.matchAll(SEQUENCE)) {
    put(match.index);
    from = match.index + match[0].length;
    style = apply(style, match[1]);
  }
  put(body.length);
  return nodes;
}

/** The text of a line without its colours. */
export function plain(body) {
  return body.replace(CONTROL, '');
}

function styled(text, style) {
  const { fg, bg, ...flags } = style;
  const names = Object.keys(flags);
  if (fg === undefined && bg === undefined && names.length === 0) return document.createTextNode(text);
  const span = document.createElement('span');
  span.className = names.map((name) => `sgr-${name}`).join(' ');
  const [front, back] = flags.inverse ? [bg, fg] : [fg, bg];
  paint(span, front, 'fg', 'color');
  paint(span, back, 'bg', 'backgroundColor');
  span.textContent = text;
  return span;
}

function paint(span, colour, prefix, property) {
  if (typeof colour === 'number') span.classList.add(`${prefix}-${colour}`);
  else if (colour !== undefined) span.style[property] = colour;
}

const FLAGS = { 1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline', 5: 'bold', 7: 'inverse', 8: 'hidden', 9: 'strike' };
const CLEARS = { 22: ['bold', 'dim'], 23: ['italic'], 24: ['underline'], 25: [], 27: ['inverse'], 28: ['hidden'], 29: ['strike'] };

function apply(style, parameters) {
  let next = { ...style };
  const codes = parameters.split(';').map((word) => word.split(':').map(Number));
  for (let i = 0; i < codes.length; i++) {
    const [code, ...rest] = codes[i];
    if (code === 0) next = {};
    else if (code === 38 || code === 48) {
      const words = rest.length > 0 ? direct(rest) : codes.slice(i + 1, i + 5).map(([word]) => word);
      const [colour, used] = extended(words);
      if (rest.length === 0) i += used;
      if (colour !== undefined) next[code === 38 ? 'fg' : 'bg'] = colour;
    } else set(next, code, rest);
  }
  return next;
}

/** `2::r:g:b` names a colour space, mostly none, before the colours; `2:r:g:b` does not. */
function direct(rest) {
  return rest[0] === 2 && rest.length >= 5 ? [2, ...rest.slice(2)] : rest;
}

function set(style, code, rest) {
  if (code === 4 && rest[0] === 0) delete style.underline;
  else if (FLAGS[code]) style[FLAGS[code]] = true;
  else if (code === 21) style.underline = true;
  else if (CLEARS[code]) CLEARS[code].forEach((flag) => delete style[flag]);
  else if (code >= 30 && code <= 37) style.fg = code - 30;
  else if (code === 39) delete style.fg;
  else if (code >= 40 && code <= 47) style.bg = code - 40;
  else if (code === 49) delete style.bg;
  else if (code >= 90 && code <= 97) style.fg = code - 90 + 8;
  else if (code >= 100 && code <= 107) style.bg = code - 100 + 8;
}

/** The colour that stands behind 38 or 48, and how many words it takes. */
function extended([kind, a, b, c]) {
  if (kind === 5) return [isByte(a) ? indexed(a) : undefined, 2];
  if (kind === 2) return [[a, b, c].every(isByte) ? `rgb(${a}, ${b}, ${c})` : undefined, 4];
  return [undefined, 0];
}

function isByte(n) {
  return Number.isInteger(n) && n >= 0 && n <= 255;
}

/** xterm's 256: the palette, a cube of 6 × 6 × 6, and 24 greys. */
function indexed(n) {
  if (n < PALETTE) return n;
  if (n >= 232) {
    const grey = 8 + 10 * (n - 232);
    return `rgb(${grey}, ${grey}, ${grey})`;
  }
  const level = (i) => (i === 0 ? 0 : 55 + 40 * i);
  const i = n - PALETTE;
  return `rgb(${level(Math.floor(i / 36))}, ${level(Math.floor(i / 6) % 6)}, ${level(i % 6)})`;
}
