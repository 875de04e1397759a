// One number of several jobs in one chart. The address holds all choices: whoever may see the jobs can be sent it.
import { Chart } from './chart.js';
import { fill, h, select } from './dom.js';
import { lookControls, lookIn, lookInAddress, smoothed } from './graphchoice.js';
import { Poll } from './poll.js';
import { remember, toJob } from './route.js';
import { ask, jobPath } from './server.js';
import { stateBadge } from './badges.js';
import { duration, number } from './format.js';

const LIVE_MS = 5_000;
const CHART_PX = 460;

export class Compare {
  #choice;
  #jobs = [];
  #poll;
  #chart = new Chart({ height: CHART_PX, sync: 'compare', legend: true });
  #controls = h('div', { class: 'bar' });
  #note = h('p', { class: 'quiet' }, 'Loading …');
  #list = h('div', { class: 'wide' });

  constructor({ query }, { fail }) {
    document.title = 'Compare · joblog';
    this.#choice = { job: query.getAll('job'), key: query.get('key') ?? '', x: query.get('x') ?? 'auto', ...lookIn(query) };
    this.#chart.element.hidden = true;
    this.element = h('section', { class: 'compare' },
      h('h1', {}, 'Compare jobs'), this.#controls, this.#note, this.#chart.element, this.#list);
    this.#poll = new Poll({
      load: (signal) => this.#load(signal),
      show: (answer) => this.#show(answer),
      fail,
      every: () => (this.#jobs.some(({ row }) => row.ended_at === null) ? LIVE_MS : null),
    });
  }

  goTo() {
    return false;
  }

  stop() {
    this.#poll.stop();
    this.#chart.stop();
  }

  async #load(signal) {
    const jobs = await Promise.all(this.#choice.job.map(async (name) => {
      const [[row], keys, xs] = await Promise.all(['', 'keys', 'x'].map((rest) => ask(jobPath(name, rest), {}, signal)));
      return { name, row, keys: keys.filter((one) => one.count > 0), xs };
    }));
    const key = this.#choice.key || firstMeasure(jobs);
    if (key === undefined) return { jobs, key, rows: [], pale: [] };
    const { job, x, same_x } = this.#choice;
    const graph = await smoothed((look) => ask('compare', { job, key, x, same_x, ...look }, signal), this.#choice);
    return { jobs, key, ...graph };
  }

  #choose(change) {
    Object.assign(this.#choice, change);
    const { job, key, x } = this.#choice;
    remember(['compare'], { job, key, x: x === 'auto' ? '' : x, ...lookInAddress(this.#choice) });
    this.#poll.now();
  }

  #show({ jobs, key, rows, pale }) {
    this.#jobs = jobs;
    if (key !== undefined && this.#choice.key === '') {
      this.#choice.key = key; // so that what is sent on stays what it is
      remember(['compare'], { ...this.#choice, x: this.#choice.x === 'auto' ? '' : this.#choice.x, ...lookInAddress(this.#choice) });
    }
    this.#showControls();
    this.#note.hidden = rows.length > 0;
    this.#note.textContent = jobs.length === 0 ? 'Choose jobs in the list of jobs.' : 'No numbers to draw with these choices.';
    this.#chart.element.hidden = rows.length === 0;
    const x = this.#choice.x === 'auto' ? commonX(jobs) : this.#choice.x;
    if (rows.length > 0) {
      this.#chart.draw(rows, pale, { title: x === undefined ? key : `${key} by ${x}`, log: this.#choice.log, byTime: false, x, label: (name) => this.#label(name) });
    }
    fill(this.#list, jobs.length > 0 && this.#table(jobs, key));
  }

  /** Jobs are called by name where that tells them apart. */
  #label(name) {
    const job = this.#jobs.find((one) => one.name === name);
    return job ? `${job.row.job} ${job.row.name}`.trim() : name;
  }

  #showControls() {
    if (this.#controls.contains(document.activeElement)) return;
    const keys = [...new Set(this.#jobs.flatMap(({ keys: own }) => own.map((one) => one.key)))].sort();
    const xs = [...new Set(this.#jobs.flatMap((job) => job.xs.map((one) => one.x)))];
    fill(this.#controls,
      select('Key', keys.map((key) => [key, key]), this.#choice.key, (key) => this.#choose({ key })),
      select('X', [['auto', 'auto'], ...xs.map((x) => [x, x])], this.#choice.x, (x) => this.#choose({ x })),
      lookControls(this.#choice, false, (change) => this.#choose(change)));
  }

  #table(jobs, key) {
    const value = ({ keys }, column) => {
      const own = keys.find((one) => one.key === key);
      return own ? number(Number(own[column])) : '';
    };
    const columns = { last_value: 'Last', min_value: 'Least', max_value: 'Greatest' };
    return h('table', { class: 'list' },
      h('thead', {}, h('tr', {},
        ['Job', 'Name', 'State', 'Duration'].map((name) => h('th', { scope: 'col' }, name)),
        Object.values(columns).map((name) => h('th', { scope: 'col', class: 'number' }, name)),
        h('td', {}))),
      h('tbody', {}, jobs.map((job) => h('tr', {},
        h('td', {}, h('a', { href: toJob(job.row, 'graphs') }, job.row.job)),
        h('td', { class: 'text' }, h('bdi', {}, job.row.name)),
        h('td', {}, stateBadge(job.row)),
        h('td', { class: 'time' }, duration(job.row.started_at, job.row.ended_at)),
        Object.keys(columns).map((column) => h('td', { class: 'number' }, value(job, column))),
        h('td', {}, h('button', {
          type: 'button',
          'aria-label': `Leave out job ${job.row.job}`,
          onclick: () => this.#choose({ job: this.#choice.job.filter((name) => name !== job.name) }),
        }, 'Leave out'))))));
  }
}

/** The X that the server surely chooses: the first candidate of all jobs. Undefined where they differ. */
function commonX(jobs) {
  const firsts = new Set(jobs.map(({ xs }) => xs[0]?.x));
  return firsts.size === 1 ? [...firsts][0] : undefined;
}

/** The key that most people would look at: of all jobs if there is one, no counter and no place. */
function firstMeasure(jobs) {
  const every = jobs.map(({ keys }) => new Map(keys.map((row) => [row.key, row])));
  const names = [...new Set(every.flatMap((keys) => [...keys.keys()]))].sort();
  const common = names.filter((name) => every.every((keys) => keys.has(name)));
  const all = common.length > 0 ? common : names;
  const isMeasure = (name) => every.some((keys) => keys.has(name) && !isCounter(keys.get(name)));
  return all.find((name) => name === 'loss') ?? all.find(isMeasure) ?? all[0];
}

function isCounter(row) {
  return row.key === 'progress' || row.key === 'epoch' || (row.all_integers && row.increased && !row.decreased);
}
