// Makes elements. Text of jobs becomes text nodes only, never markup.

/**
 * An element.
 *
 * @param tag its name
 * @param attributes `on…` are listeners, `aria-…`, `class` and others attributes; true is an attribute without value, null,
 *     undefined and false are none; values of controls (`value`, `checked`, `disabled`, `hidden`, `open`) are properties
 * @param children nodes and texts; null, undefined and false are none
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('aria-')) element.setAttribute(name, String(value)); // false says something there
    else if (value === null || value === undefined || value === false) continue;
    else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (PROPERTIES.has(name)) element[name] = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...present(children));
  return element;
}

const PROPERTIES = new Set(['value', 'checked', 'disabled', 'hidden', 'open', 'indeterminate']);

/** Replaces what an element holds. */
export function fill(element, ...children) {
  element.replaceChildren(...present(children));
  return element;
}

function present(children) {
  return children.flat().filter((child) => child !== null && child !== undefined && child !== false);
}

/** A control with its label. `options` are pairs of value and text; one that is chosen but not among them is added. */
export function select(label, options, chosen, onchange) {
  const all = options.some(([value]) => value === chosen) ? options : [...options, [chosen, chosen]];
  const list = h('select', { onchange: () => onchange(list.value) }, all.map(([value, text]) => h('option', { value }, text)));
  list.value = chosen;
  return h('label', { class: 'control' }, h('span', {}, label), list);
}

/** A box to tick, with its label. */
export function tick(label, checked, onchange, title) {
  const box = h('input', { type: 'checkbox', checked, onchange: () => onchange(box.checked) });
  return h('label', { class: 'control tick', title }, box, h('span', {}, label));
}

/** A field for a search, which tells what is typed when the typing pauses. */
export function searchField(label, text, oninput) {
  let pause;
  const tell = () => {
    clearTimeout(pause);
    oninput(field.value);
  };
  const field = h('input', {
    type: 'search',
    value: text,
    placeholder: label,
    spellcheck: 'false',
    autocomplete: 'off',
    maxlength: 200,
    oninput: () => {
      clearTimeout(pause);
      pause = setTimeout(tell, TYPING_PAUSE_MS);
    },
    onchange: tell,
  });
  return h('label', { class: 'control search' }, h('span', { class: 'unseen' }, label), field);
}

/** So long without a key is the end of a word: shorter asks the server for each letter, longer feels slow. */
const TYPING_PAUSE_MS = 250;

/** Buttons of which one is pressed. `options` are pairs of value and text. */
export function segments(label, options, chosen, onchange) {
  const buttons = options.map(([value, text]) =>
    h('button', { type: 'button', 'aria-pressed': value === chosen, onclick: () => press(value) }, text));
  const press = (value) => {
    buttons.forEach((button, i) => button.setAttribute('aria-pressed', options[i][0] === value));
    onchange(value);
  };
  return h('div', { class: 'segments', role: 'group', 'aria-label': label }, buttons);
}
