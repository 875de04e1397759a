// The numbers of a job as graphs, by time or over another number.
import { Chart } from './chart.js';
import { fill, h, segments, select } from './dom.js';
import { lookControls, lookIn, lookInAddress, smoothed } from './graphchoice.js';
import { holesIn, RECORDS } from './holes.js';
import { keyTable } from './keytable.js';
import { noRecords } from './metadata.js';
import { Poll } from './poll.js';
import { remember } from './route.js';
import { byName } from './series.js';
import { ask, jobPath } from './server.js';

const LIVE_MS = 5_000;
const SMALL_PX = 190;
const JOINT_PX = 420;

const MEASURES = '(measures)';
const ALL = '(all)';

export class Graphs {
  #tab;
  #choice;
  #poll;
  #charts = new Map();
  #chartsOf = '';
  #controls = h('div', { class: 'bar' });
  #controlsOf = '';
  #controlsByTime = null;
  #charted = h('div', { class: 'charts' }, h('p', { class: 'quiet' }, 'Loading …'));
  #hint = h('p', { class: 'quiet', hidden: true }, 'Drag across a graph to zoom in; double-click shows all again.');
  #summary = h('div', { class: 'wide' });

  constructor(tab) {
    this.#tab = tab;
    const { query } = tab;
    this.#choice = {
      by: query.get('by') ?? '',
      x: query.get('x') ?? 'auto',
      layout: query.get('layout') ?? 'each',
      key: query.get('key') ?? MEASURES,
      ...lookIn(query),
    };
    this.element = h('div', { class: 'graphs' }, this.#controls, this.#charted, this.#hint, this.#summary);
    this.#poll = new Poll({
      load: (signal) => this.#load(signal),
      show: (answer) => this.#show(answer),
      fail: tab.fail,
      every: () => (tab.isRunning() ? LIVE_MS : null),
    });
  }

  stop() {
    this.#poll.stop();
    this.#charts.forEach((chart) => chart.stop());
  }

  async #load(signal) {
    const path = (rest) => jobPath(this.#tab.job, rest);
    const [keys, xs] = await Promise.all([ask(path('keys'), {}, signal), ask(path('x'), {}, signal)]);
    const byTime = this.#byTime(xs);
    const choice = this.#choice;
    const graph = await smoothed((look) => byTime
      ? ask(path('graph/time'), { key: choice.key, ...look }, signal)
      : ask(path('graph/x'), { key: choice.key, x: choice.x, same_x: choice.same_x, ...look }, signal), choice);
    const broken = keys.filter((row) => row.holes > 0 && row.count > 0).map((row) => row.key);
    const records = broken.length > 0 ? await ask(path('records'), { newest: RECORDS }, signal) : [];
    const holes = holesIn(records, broken, byTime ? null : this.#x(xs));
    return { keys, xs, byTime, rows: withHoles(graph.rows, holes), pale: withHoles(graph.pale, holes) };
  }

  /** Over X, unless there is but one number, or somebody wants otherwise. */
  #byTime(xs) {
    return this.#choice.by === '' ? xs.length < 2 : this.#choice.by === 'time';
  }

  /** The key that serves as X. */
  #x(xs) {
    return this.#choice.x === 'auto' ? xs[0]?.x : this.#choice.x;
  }

  #choose(change) {
    Object.assign(this.#choice, change);
    const { by, x, layout, key } = this.#choice;
    remember(this.#tab.parts, {
      by,
      x: x === 'auto' ? '' : x,
      layout: layout === 'each' ? '' : layout,
      key: key === MEASURES ? '' : key,
      ...lookInAddress(this.#choice),
    });
    this.#poll.now();
  }

  #show({ keys, xs, byTime, rows, pale }) {
    const numeric = keys.filter((row) => row.count > 0);
    if (numeric.length === 0) {
      this.#stopCharts('');
      fill(this.#charted, keys.length === 0 ? noRecords() : h('p', { class: 'quiet' }, 'No numbers in the metadata yet.'));
    } else {
      this.#showControls(numeric, xs, byTime);
      this.#draw(rows, pale, byTime, xs);
    }
    this.#hint.hidden = this.#charts.size === 0;
    fill(this.#summary, keys.length > 0 && keyTable(keys));
  }

  #showControls(keys, xs, byTime) {
    const names = keys.map((row) => row.key).sort();
    const print = JSON.stringify([names, xs.map((row) => row.x), byTime]);
    const isOther = byTime !== this.#controlsByTime;
    if (print === this.#controlsOf || (!isOther && this.#controls.contains(document.activeElement))) return; // a list may be open
    this.#controlsOf = print;
    this.#controlsByTime = byTime;
    const choice = this.#choice;
    const candidates = xs.map((row) => [row.x, `${row.x} (${row.x_class_name})`]);
    fill(this.#controls,
      segments('Over', [['time', 'By time'], ['x', 'By X']], byTime ? 'time' : 'x', (by) => this.#choose({ by })),
      byTime ? null : select('X', [['auto', xs.length > 0 ? `auto: ${xs[0].x}` : 'auto'], ...candidates], choice.x, (x) => this.#choose({ x })),
      select('Keys', [[MEASURES, 'all but counters'], [ALL, 'all'], ...names.map((name) => [name, name])], choice.key, (key) => this.#choose({ key })),
      segments('Layout', [['each', 'One each'], ['joint', 'Together']], choice.layout, (layout) => this.#choose({ layout })),
      lookControls(choice, byTime, (change) => this.#choose(change)));
  }

  #draw(rows, pale, byTime, xs) {
    const joint = this.#choice.layout === 'joint';
    const x = this.#x(xs);
    const groups = joint ? new Map([['', rows]]) : byName(rows);
    const pales = byName(pale);
    const shape = JSON.stringify([joint, byTime, [...groups.keys()]]);
    if (rows.length === 0) {
      this.#stopCharts('');
      fill(this.#charted, h('p', { class: 'quiet' }, 'No numbers to draw with these choices.'));
      return;
    }
    if (shape !== this.#chartsOf) this.#makeCharts(shape, [...groups.keys()], joint);
    const look = { log: this.#choice.log, byTime, x, label: (name) => name };
    const all = byTime ? 'By time' : `By ${x}`;
    for (const [name, own] of groups) {
      this.#charts.get(name).draw(own, joint ? pale : pales.get(name) ?? [], { ...look, title: joint ? all : name });
    }
  }

  #makeCharts(shape, names, joint) {
    this.#stopCharts(shape);
    this.#charted.classList.toggle('joint', joint);
    names.forEach((name, i) => this.#charts.set(name, new Chart({
      height: joint ? JOINT_PX : SMALL_PX,
      sync: 'joblog',
      legend: joint,
      colour: joint ? 0 : i,
    })));
    fill(this.#charted, [...this.#charts.values()].map((chart) => chart.element));
  }

  #stopCharts(shape) {
    this.#charts.forEach((chart) => chart.stop());
    this.#charts.clear();
    this.#chartsOf = shape;
  }
}

/** Holes of the lines that are drawn. */
function withHoles(rows, holes) {
  const drawn = new Set(rows.map((row) => row.key));
  return [...rows, ...holes.filter((row) => drawn.has(row.key))];
}
