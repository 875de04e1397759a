// The legend of a chart: a click shows one line only, a second click all again; Ctrl and a click turns one line on or off.
import { fill, h } from './dom.js';

const HOW = 'Click: only this one. Ctrl+click: on or off.';

export class Legend {
  #changed;
  #entries = [];
  #hidden = new Set();
  #print = '';
  element = h('ul', { class: 'legend', 'aria-label': `Legend. ${HOW}` });

  /** @param changed called with a name and whether its line is shown */
  constructor(changed) {
    this.#changed = changed;
  }

  shows(name) {
    return !this.#hidden.has(name);
  }

  /** @param entries `name`, `label`, of each line, in order */
  show(entries) {
    const print = JSON.stringify(entries);
    if (print === this.#print) return;
    this.#print = print;
    this.#entries = entries.map((entry) => ({ ...entry, button: this.#button(entry) }));
    // What was shown alone may be gone: nothing would be left to see.
    if (entries.every(({ name }) => this.#hidden.has(name))) this.#hidden.clear();
    fill(this.element, this.#entries.map(({ button }) => h('li', {}, button)));
    this.#press();
  }

  /** @param colour gives the colour of the n-th line */
  recolour(colour) {
    this.#entries.forEach(({ button }, i) => (button.firstChild.style.backgroundColor = colour(i)));
  }

  #button({ name, label }) {
    return h('button', { type: 'button', title: HOW, onclick: (event) => this.#click(name, event.ctrlKey || event.metaKey) },
      h('span', { class: 'swatch' }), h('bdi', {}, label));
  }

  #click(name, single) {
    const names = this.#entries.map((entry) => entry.name);
    const alone = names.every((one) => this.#hidden.has(one) === (one !== name));
    if (single && this.#hidden.has(name)) this.#hidden.delete(name);
    else if (single) this.#hidden.add(name);
    else this.#hidden = new Set(alone ? [] : names.filter((one) => one !== name));
    this.#press();
    names.forEach((one) => this.#changed(one, this.shows(one)));
  }

  #press() {
    this.#entries.forEach(({ name, button }) => button.setAttribute('aria-pressed', this.shows(name)));
  }
}
