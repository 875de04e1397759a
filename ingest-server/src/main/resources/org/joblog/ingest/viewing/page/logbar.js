// What of a log is shown: its stream, a search, a task; and how.
import { fill, h, searchField, segments, select, tick } from './dom.js';
import { count } from './format.js';
import { Poll } from './poll.js';
import { ask, jobPath } from './server.js';

const RUNNING_MS = 5_000;

const STREAMS = { stdout: ['stdout'], stderr: ['stderr'], both: ['stdout', 'stderr'] };

/** Parts of a job of which one can be chosen, if there are several. */
const PARTS = { step: 'Step', node: 'Node', task: 'Task' };

/** How somebody wants to see logs is kept in their browser. */
const LOOK = { times: ['Times', true], wrap: ['Wrap lines', true] };

export class LogBar {
  #choice;
  #log;
  #changed;
  #poll;
  #known = '';
  #rows = [];
  #streams = h('div', { class: 'slot' });
  #parts = h('div', { class: 'slot' });

  /**
   * @param tab what a tab is given
   * @param log the element whose look the bar changes
   * @param changed called when other lines are wanted
   */
  constructor(tab, log, changed) {
    this.#log = log;
    this.#changed = changed;
    const { query } = tab;
    this.#choice = { stream: query.get('stream') in STREAMS ? query.get('stream') : 'stdout', search: query.get('search') ?? '' };
    for (const part of Object.keys(PARTS)) this.#choice[part] = query.get(part) ?? '';
    this.element = h('div', { class: 'bar' },
      this.#streams,
      searchField('Search the log', this.#choice.search, (search) => this.#choose({ search })),
      this.#parts,
      Object.keys(LOOK).map((name) => lookTick(name, log)));
    this.#showStreams();
    this.#poll = new Poll({
      load: (signal) => ask(jobPath(tab.job, 'streams'), {}, signal),
      show: (rows) => this.#show(rows),
      fail: () => {}, // the log itself says what is wrong
      every: () => (tab.isRunning() ? RUNNING_MS : null),
    });
  }

  get search() {
    return this.#choice.search;
  }

  /** How many streams there may be to read. */
  streams() {
    return Math.max(1, this.#rows.length);
  }

  /** The arguments that the server is asked with. */
  query() {
    const { stream, ...rest } = this.#choice;
    return { stream: STREAMS[stream], ...rest };
  }

  inAddress() {
    const { stream, ...rest } = this.#choice;
    return { stream: stream === 'stdout' ? '' : stream, ...rest };
  }

  stop() {
    this.#poll.stop();
  }

  #choose(change) {
    const before = JSON.stringify(this.#choice);
    Object.assign(this.#choice, change);
    if (JSON.stringify(this.#choice) !== before) this.#changed();
  }

  #show(rows) {
    this.#rows = rows;
    const known = JSON.stringify(rows.map(({ stream, lines, step, node, task }) => [stream, lines, step, node, task]));
    if (known === this.#known) return;
    this.#known = known;
    this.#log.classList.toggle('many', new Set(rows.map((row) => `${row.node} ${row.task}`)).size > 1);
    this.#showStreams();
    this.#showParts();
  }

  #showStreams() {
    const lines = { stdout: 0, stderr: 0 };
    for (const row of this.#rows) lines[row.stream === 'stderr' ? 'stderr' : 'stdout'] += Number(row.lines);
    lines.both = lines.stdout + lines.stderr;
    const held = this.#streams.contains(document.activeElement);
    fill(this.#streams, segments('Stream', Object.keys(STREAMS).map((name) => [name, labelled(name, lines[name])]),
      this.#choice.stream, (stream) => this.#choose({ stream })));
    if (held) this.#streams.querySelector('[aria-pressed=true]').focus();
  }

  #showParts() {
    if (this.#parts.contains(document.activeElement)) return; // a list that is open stays as it is
    fill(this.#parts, Object.entries(PARTS).map(([part, label]) => {
      const all = [...new Set(this.#rows.map((row) => String(row[part])))];
      if (all.length < 2 && !this.#choice[part]) return null;
      return select(label, [['', 'all'], ...all.map((one) => [one, one])], this.#choice[part], (value) => this.#choose({ [part]: value }));
    }));
  }
}

function labelled(name, lines) {
  return lines > 0 ? `${name} ${count(lines)}` : name;
}

function lookTick(name, log) {
  const [label, otherwise] = LOOK[name];
  const key = `joblog.${name}`;
  const kept = localStorage.getItem(key);
  const show = (on) => log.classList.toggle(`no-${name}`, !on);
  const on = kept === null ? otherwise : kept === 'true';
  show(on);
  return tick(label, on, (checked) => {
    localStorage.setItem(key, String(checked));
    show(checked);
  });
}
