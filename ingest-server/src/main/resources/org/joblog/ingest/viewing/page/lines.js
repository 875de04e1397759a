// The lines of a log as elements, kept in step with what the server says: a line that changed is corrected at its place.
import { coloured } from './ansi.js';
import { h } from './dom.js';
import { count, moment, time } from './format.js';

/** So many elements a browser scrolls through without effort; it is also the most that the server gives at once. */
export const MOST_LINES = 10_000;

/** The end of the log is in sight when no more than this is below. */
const END_PX = 24;

export class Lines {
  #list = h('div', { class: 'lines' });
  #shown = []; // { row, element, print }, in the order of the log
  #byId = new Map();
  #top = 0;
  #resized = new ResizeObserver(() => this.#following && this.toEnd());
  #following = true;
  element = h('div', { class: 'log', tabindex: 0, role: 'log', 'aria-live': 'off', 'aria-label': 'Output of the job' });

  constructor(above, below) {
    this.element.append(above, this.#list, below);
    this.element.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    // Lines that come into sight turn out higher than was guessed, and the head of the job takes its place.
    this.#resized.observe(this.element);
    this.#resized.observe(this.#list);
  }

  stop() {
    this.#resized.disconnect();
  }

  /** Whether the end is what somebody wants to see: until they scroll up, and again when they are back. */
  get following() {
    return this.#following;
  }

  get size() {
    return this.#shown.length;
  }

  get oldest() {
    return this.#shown[0]?.row;
  }

  has(row) {
    return this.#byId.has(row.id);
  }

  toEnd() {
    this.#following = true;
    this.element.scrollTop = this.element.scrollHeight;
    this.#top = this.element.scrollTop;
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    if (scrollHeight - scrollTop - clientHeight <= END_PX) this.#following = true;
    else if (scrollTop < this.#top) this.#following = false;
    this.#top = scrollTop;
  }

  clear() {
    this.#following = true;
    this.#shown = [];
    this.#byId.clear();
    this.#list.replaceChildren();
  }

  /**
   * Takes the end of the log as it is now. What was shown from the first of these lines on, and is not among them, is
   * gone: cleared by the job, or folded.
   *
   * @param isWhole whether nothing comes before
   * @returns how many lines are new
   */
  setEnd(rows, isWhole) {
    const ids = new Set(rows.map((row) => row.id));
    const first = rows[0];
    const cut = isWhole || !first ? 0 : firstIndex(this.#shown, ({ row }) => ids.has(row.id) || !isBefore(row, first));
    const old = this.#shown.splice(cut);
    old.filter(({ row }) => !ids.has(row.id)).forEach((line) => this.#remove(line));
    let fresh = 0;
    for (const row of rows) {
      const known = this.#byId.get(row.id);
      if (!known) fresh += 1;
      this.#shown.push(known ? corrected(known, row) : this.#line(row));
    }
    this.#place(cut);
    return fresh;
  }

  /** Puts older lines before all others. */
  putBefore(rows) {
    const lines = rows.map((row) => this.#line(row));
    this.#shown.unshift(...lines);
    this.#list.prepend(...lines.map(({ element }) => element));
  }

  dropOldest(many) {
    this.#shown.splice(0, many).forEach((line) => this.#remove(line));
  }

  dropNewest(many) {
    this.#shown.splice(-many).forEach((line) => this.#remove(line));
  }

  /** Does something that changes lines above, while the line that is read stays where it is. */
  holdingPlace(change) {
    const top = this.element.getBoundingClientRect().top;
    const held = this.#shown.find(({ element }) => element.getBoundingClientRect().bottom > top)?.element;
    const before = held?.getBoundingClientRect().top;
    change();
    if (held?.isConnected) this.element.scrollTop += held.getBoundingClientRect().top - before;
    this.#top = this.element.scrollTop;
  }

  /** The elements of all texts that are shown. */
  texts() {
    return this.#shown.map(({ element }) => element.lastElementChild);
  }

  #place(from) {
    let next = from === 0 ? this.#list.firstChild : this.#shown[from - 1].element.nextSibling;
    for (const { element } of this.#shown.slice(from)) {
      if (element === next) next = next.nextSibling;
      else this.#list.insertBefore(element, next);
    }
  }

  #line(row) {
    const line = { row, element: h('div', {}), print: '' };
    this.#byId.set(row.id, line);
    return corrected(line, row);
  }

  #remove(line) {
    this.#byId.delete(line.row.id);
    line.element.remove();
  }
}

function corrected(line, row) {
  const print = [row.body, row.time, row.kind, row.repeats, row.cut_bytes].join('\u0000');
  line.row = row;
  if (print === line.print) return line;
  line.print = print;
  line.element.className = `line kind-${row.kind} of-${row.stream}`;
  line.element.replaceChildren(
    h('span', { class: 'at', title: place(row) }, moment(row.time)),
    h('span', { class: 'from', title: place(row) }, source(row)),
    h('span', { class: 'body' }, coloured(row.body), cutNote(row)),
  );
  return line;
}

function source(row) {
  return row.stream === 'joblog' ? '' : [row.node, row.task].filter((part) => part !== null && part !== undefined).join(':');
}

function place(row) {
  const times = row.repeats ? `${time(row.repeated_from)} to ${time(row.repeated_to)}` : time(row.time);
  const step = row.step === null || row.step === undefined ? '' : `step ${row.step}, node ${row.node}, task ${row.task}`;
  return [times, row.stream, row.line === null ? '' : `line ${row.line}`, step].filter(Boolean).join(' · ');
}

function cutNote(row) {
  return row.cut_bytes > 0 && h('span', { class: 'cut' }, ` … ${count(row.cut_bytes)} bytes more were cut`);
}

/** `tsNs` orders lines: texts of digits. */
function isBefore(one, other) {
  return one.tsNs.length === other.tsNs.length ? one.tsNs < other.tsNs : one.tsNs.length < other.tsNs.length;
}

function firstIndex(list, matches) {
  const i = list.findIndex(matches);
  return i < 0 ? list.length : i;
}
