// The list of jobs.
import { fill, h, searchField, segments } from './dom.js';
import { count, duration, exit, time } from './format.js';
import { Poll } from './poll.js';
import { remember, to, toJob } from './route.js';
import { ask } from './server.js';
import { modeBadge, stateBadge } from './badges.js';

const REFRESH_MS = 5_000;

/** How many jobs at first, and at most: the server's own bound. */
const SOME = 100;
const MOST = 1000;

/** A choice of states: what the button says, and what the server is asked for. */
const STATES = {
  all: ['All', []],
  running: ['Running', ['running']],
  completed: ['Completed', ['completed']],
  failed: ['Failed', ['failed', 'killed', 'timeout', 'cancelled']],
  other: ['Other', ['requeued', 'unknown']],
};

/** At most so many jobs can be compared: the server's own bound. */
const COMPARED = 20;

export class Jobs {
  #choice;
  #chosen = new Set();
  #user;
  #rows = [];
  #poll;
  #table = h('div', { class: 'wide' }, h('p', { class: 'quiet' }, 'Loading …'));
  #compare = h('a', { class: 'button', hidden: true });

  constructor({ query }, { user, fail }) {
    document.title = 'Jobs · joblog';
    this.#user = user;
    this.#choice = {
      state: query.get('state') in STATES ? query.get('state') : 'all',
      search: query.get('search') ?? '',
      user: query.get('user') ?? '',
      newest: query.has('newest') ? MOST : SOME,
    };
    this.element = h('section', { class: 'jobs' }, this.#controls(), this.#table);
    this.#poll = new Poll({
      load: (signal) => ask('jobs', this.#arguments(), signal),
      show: (rows) => this.#show(rows),
      fail,
      every: () => REFRESH_MS,
    });
  }

  goTo() {
    return false;
  }

  stop() {
    this.#poll.stop();
  }

  #controls() {
    const states = Object.entries(STATES).map(([value, [text]]) => [value, text]);
    return h(
      'div',
      { class: 'bar' },
      h('h1', {}, 'Jobs'),
      segments('State', states, this.#choice.state, (state) => this.#choose({ state })),
      searchField('Search id or name', this.#choice.search, (search) => this.#choose({ search })),
      this.#user.operator && searchField('User', this.#choice.user, (user) => this.#choose({ user })),
      this.#compare,
    );
  }

  #choose(change) {
    Object.assign(this.#choice, change);
    const { state, search, user, newest } = this.#choice;
    remember(['jobs'], { state: state === 'all' ? '' : state, search, user, newest: newest === SOME ? '' : newest });
    this.#poll.now();
  }

  #arguments() {
    const { state, search, user, newest } = this.#choice;
    return { newest, state: STATES[state][1], search, user: this.#user.operator ? user : '' };
  }

  #show(rows) {
    this.#rows = rows;
    if (rows.length === 0) {
      fill(this.#table, this.#isFiltered() ? h('p', { class: 'quiet' }, 'No job is like that.') : emptyState());
      return;
    }
    const focused = document.activeElement?.getAttribute('data-focus');
    const focusedInside = this.#table.contains(document.activeElement);
    fill(this.#table, this.#tableOf(rows), this.#more());
    if (focusedInside && focused) this.#table.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
    this.#showCompare();
  }

  #isFiltered() {
    const { state, search, user } = this.#choice;
    return state !== 'all' || search !== '' || user !== '';
  }

  #tableOf(rows) {
    const many = this.#user.operator;
    const clusters = new Set(rows.map((row) => row.cluster)).size > 1;
    const head = ['', 'State', 'Job', 'Name', many && 'User', clusters && 'Cluster', 'Started', 'Duration', 'Lines', 'Mode', 'Exit'];
    return h(
      'table',
      { class: 'list' },
      h('thead', {}, h('tr', {}, head.filter((name) => name !== false).map((name) =>
        h('th', { scope: 'col', class: NUMERIC.has(name) ? 'number' : null }, name || h('span', { class: 'unseen' }, 'Compare'))))),
      h('tbody', {}, rows.map((row) => this.#row(row, many, clusters))),
    );
  }

  #row(row, many, clusters) {
    const key = `key:${row.job_key}`;
    const box = h('input', {
      type: 'checkbox',
      'aria-label': `Compare job ${row.job}`,
      'data-focus': `compare ${key}`,
      checked: this.#chosen.has(key),
      onchange: () => this.#pick(key, box),
    });
    return h(
      'tr',
      { 'data-job': row.job },
      h('td', {}, box),
      h('td', {}, stateBadge(row)),
      h('td', {}, h('a', { href: toJob(row), 'data-focus': key }, row.job)),
      h('td', { class: 'text' }, h('bdi', {}, row.name)),
      many && h('td', {}, h('bdi', {}, row.user)),
      clusters && h('td', {}, row.cluster),
      h('td', { class: 'time' }, time(row.started_at)),
      h('td', { class: 'time' }, duration(row.started_at, row.ended_at)),
      h('td', { class: 'number' }, count(row.lines)),
      h('td', {}, modeBadge(row.mode)),
      h('td', {}, exit(row)),
    );
  }

  #pick(key, box) {
    if (box.checked && this.#chosen.size >= COMPARED) box.checked = false;
    if (box.checked) this.#chosen.add(key);
    else this.#chosen.delete(key);
    this.#showCompare();
  }

  #showCompare() {
    this.#compare.hidden = this.#chosen.size < 2;
    this.#compare.textContent = `Compare ${this.#chosen.size} jobs`;
    this.#compare.href = to(['compare'], { job: [...this.#chosen] });
  }

  #more() {
    if (this.#rows.length < this.#choice.newest) return null;
    return this.#choice.newest < MOST
      ? h('button', { type: 'button', class: 'more', onclick: () => this.#choose({ newest: MOST }) }, `Show up to ${count(MOST)} jobs`)
      : h('p', { class: 'quiet' }, `The newest ${count(MOST)} jobs. Search for older ones.`);
  }
}

const NUMERIC = new Set(['Lines']);

function emptyState() {
  return h(
    'div',
    { class: 'message' },
    h('h2', {}, 'No jobs yet'),
    h('p', {}, 'The output of your jobs is kept only if you ask for it. On a head node:'),
    h('pre', {}, 'touch ~/.logoptin'),
    h('p', {}, 'Jobs that start from then on appear here, a second after their first output.'),
  );
}
