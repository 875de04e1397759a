// One job: its head, the logger's messages about it, and three tabs.
import { MODES, modeBadge, stateBadge } from './badges.js';
import { fill, h } from './dom.js';
import { bytes, count, duration, exit, time } from './format.js';
import { Graphs } from './graphs.js';
import { Log } from './log.js';
import { Metadata } from './metadata.js';
import { Notices } from './notices.js';
import { Poll } from './poll.js';
import { to } from './route.js';
import { ask, jobPath } from './server.js';

const RUNNING_MS = 2_000;

/** A job that has ended can still get its state from Slurm, or lines that were on the way. */
const ENDED_MS = 15_000;

const TABS = { log: ['Log', Log], metadata: ['Metadata', Metadata], graphs: ['Graphs', Graphs] };

export class Job {
  #name;
  #context;
  #row = null;
  #tab = null;
  #tabName = '';
  #choices = '';
  #poll;
  #notices;
  #head = h('div', { class: 'jobhead' }, h('p', { class: 'quiet' }, 'Loading …'));
  #tabs = h('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Parts of the job', onkeydown: (event) => this.#arrow(event) });
  #panel = h('div', { class: 'panel', role: 'tabpanel', id: 'panel', tabindex: '-1' });

  constructor(there, context) {
    this.#name = there.parts[1] ?? '';
    this.#context = context;
    this.#notices = new Notices(this.#name);
    this.element = h('section', { class: 'job' }, this.#head, this.#notices.element, this.#tabs, this.#panel);
    this.goTo(there);
    this.#poll = new Poll({
      load: async (signal) => (await ask(jobPath(this.#name), {}, signal))[0],
      show: (row) => this.#show(row),
      fail: context.fail,
      every: () => (this.isRunning() ? RUNNING_MS : ENDED_MS),
    });
  }

  /** Whether more may come. Before anything is known of the job, it may. */
  isRunning() {
    return this.#row === null || this.#row.ended_at === null;
  }

  goTo(there) {
    if (there.parts[0] !== 'job' || there.parts[1] !== this.#name) return false;
    const name = there.parts[2] in TABS ? there.parts[2] : 'log';
    const choices = there.query.toString();
    if (name === this.#tabName && choices === this.#choices) return true;
    this.#tab?.stop();
    this.#tabName = name;
    this.#choices = choices;
    this.#showTabs();
    this.#tab = new TABS[name][1]({
      job: this.#name,
      query: there.query,
      parts: ['job', this.#name, name],
      fail: this.#context.fail,
      isRunning: () => this.isRunning(),
    });
    if (this.#row) this.#tab.jobChanged?.(this.#row);
    this.#panel.setAttribute('aria-labelledby', `tab-${name}`);
    fill(this.#panel, this.#tab.element);
    return true;
  }

  stop() {
    this.#poll.stop();
    this.#notices.stop();
    this.#tab.stop();
  }

  #showTabs() {
    fill(this.#tabs, Object.entries(TABS).map(([name, [text]]) => {
      const chosen = name === this.#tabName;
      return h('a', {
        role: 'tab',
        id: `tab-${name}`,
        href: to(['job', this.#name, name]),
        'aria-selected': chosen,
        'aria-controls': 'panel',
        tabindex: chosen ? 0 : -1,
      }, text);
    }));
  }

  /** Arrow keys move between tabs, as people expect of tabs. */
  #arrow(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    const names = Object.keys(TABS);
    const next = names[(names.indexOf(this.#tabName) + step + names.length) % names.length];
    location.hash = to(['job', this.#name, next]);
    this.goTo({ parts: ['job', this.#name, next], query: new URLSearchParams() });
    document.getElementById(`tab-${next}`).focus();
  }

  #show(row) {
    const before = this.#row;
    this.#row = row;
    document.title = `${row.job} ${row.name} · joblog`;
    fill(this.#head, headOf(row));
    this.#tab.jobChanged?.(row);
    this.#notices.jobChanged(row, before);
  }
}

function headOf(row) {
  const facts = [
    ['User', h('bdi', {}, row.user)],
    ['Started', time(row.started_at)],
    ['Ended', time(row.ended_at)],
    ['Duration', duration(row.started_at, row.ended_at)],
    ['Exit', exit(row)],
    ['Nodes', row.nodes ?? ''],
    ['Partition', row.partition ?? ''],
    ['Slurm', row.slurm_state ?? ''],
    ['Restart', row.restart > 0 ? String(row.restart) : ''],
    ['Lines', count(row.lines)],
    ['Printed', bytes(row.bytes)],
    ['Last output', time(row.last_output_at)],
  ];
  return [
    h('h1', {}, h('span', { class: 'id' }, row.job), ' ', h('bdi', {}, row.name)),
    h('p', { class: 'badges' }, stateBadge(row), ' ', modeBadge(row.mode),
      row.mode !== 'enabled' && h('span', { class: 'why' }, ` ${MODES[row.mode]}`)),
    h('dl', { class: 'facts' }, facts.filter(([, value]) => value !== '').map(([name, value]) =>
      h('div', {}, h('dt', {}, name), h('dd', {}, value)))),
  ];
}
