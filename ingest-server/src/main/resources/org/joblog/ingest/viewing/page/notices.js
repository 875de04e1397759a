// What the logger says about a job: options that it did not know, commands, gaps, slowing.
import { fill, h } from './dom.js';
import { count, time } from './format.js';
import { Poll } from './poll.js';
import { ask, jobPath } from './server.js';

const RUNNING_MS = 5_000;

const NEWEST = 200;

/** Kinds that somebody should see without asking for them. */
const SERIOUS = new Set(['options', 'command_error', 'gap', 'slowed', 'quarantine', 'metadata_cap']);

/** The end of a job is in its head. */
const KNOWN_OTHERWISE = 'end';

export class Notices {
  #poll;
  #running = true;
  #newest = null;
  #body = h('tbody', {});
  #summary = h('summary', {});
  element = h('details', { class: 'notices', hidden: true }, this.#summary,
    h('div', { class: 'wide' }, h('table', { class: 'list' }, this.#body)));

  constructor(job) {
    this.#poll = new Poll({
      load: (signal) => ask(jobPath(job, 'events'), { newest: NEWEST }, signal),
      show: (rows) => this.#show(rows),
      fail: () => {}, // the job itself says what is wrong: it is asked in the same moment
      every: () => (this.#running ? RUNNING_MS : null),
    });
  }

  jobChanged(row, before) {
    this.#running = row.ended_at === null;
    if (before !== null && before.ended_at === null && !this.#running) this.#poll.now();
  }

  stop() {
    this.#poll.stop();
  }

  #show(rows) {
    const told = rows.filter((row) => row.kind !== KNOWN_OTHERWISE);
    const newest = told[0]?.event_key ?? null;
    if (newest === this.#newest) return;
    this.#newest = newest;
    const serious = told.filter((row) => SERIOUS.has(row.kind)).length;
    this.element.hidden = told.length === 0;
    this.element.classList.toggle('serious', serious > 0);
    const many = rows.length === NEWEST ? `${count(NEWEST)} newest` : count(told.length);
    fill(this.#summary, `${many} ${told.length === 1 ? 'message' : 'messages'} of the logger`,
      h('span', { class: 'newest' }, ` ${told[0]?.message ?? ''}`));
    fill(this.#body, told.map((row) => h('tr', { class: SERIOUS.has(row.kind) ? 'serious' : null },
      h('td', { class: 'time' }, time(row.time)),
      h('td', {}, row.kind.replace('_', ' ')),
      h('td', { class: 'text' }, row.message))));
  }
}
