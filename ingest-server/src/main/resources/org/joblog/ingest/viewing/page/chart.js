// One chart, drawn by uPlot: lines with a legend, values at the cursor, and colours of the theme.
/* global uPlot */
import { fill, h } from './dom.js';
import { number, time } from './format.js';
import { Legend } from './legend.js';
import { colourOf, dashOf, onGround, themed } from './palette.js';
import { columnsOf } from './series.js';

/** A point this near to the cursor is what is pointed at. */
const NEAR_PX = 40;

/** How many values the box at the cursor names; the others are in the legend. */
const NAMED = 16;

const DAY = '\n{MM}-{DD}';

/** Labels of times, by the distance of ticks in seconds: the usual one, and those where a year, a day or a minute begins. */
const CLOCK = [
  [365 * 86_400, '{YYYY}', null, null, null, null, null, null, 1],
  [28 * 86_400, '{MMM}', '\n{YYYY}', null, null, null, null, null, 1],
  [86_400, '{MM}-{DD}', '\n{YYYY}', null, null, null, null, null, 1],
  [60, '{HH}:{mm}', '\n{YYYY}-{MM}-{DD}', null, DAY, null, null, null, 1],
  [1, ':{ss}', `${DAY} {HH}:{mm}`, null, `${DAY} {HH}:{mm}`, null, '\n{HH}:{mm}', null, 1],
  [0.001, ':{ss}.{fff}', `${DAY} {HH}:{mm}`, null, `${DAY} {HH}:{mm}`, null, '\n{HH}:{mm}', null, 1],
];

/** Marks the name of a line that is drawn pale below its smoothed one. Not a character that a key can hold. */
const PALE = '\u0000';

export class Chart {
  #options;
  #plot = null;
  #shape = '';
  #names = [];
  #columns = null;
  #look = null;
  #zoomed = false;
  #stop = new AbortController();
  #title = h('bdi', {});
  #value = h('span', { class: 'value' });
  #canvas = h('div', { class: 'canvas', role: 'img' });
  #box = h('div', { class: 'values', hidden: true });
  #legend;
  #resize = new ResizeObserver(() => this.#plot?.setSize(this.#size()));

  /**
   * @param options `height` in pixels, `sync`: the name of the charts whose cursors move together, `legend`: whether
   *     there is one, `colour`: the number of the first line's colour
   */
  constructor(options) {
    this.#options = { colour: 0, ...options };
    this.#legend = options.legend ? new Legend((name, shown) => this.#setShown(name, shown)) : null;
    this.element = h('figure', { class: 'chart' },
      h('figcaption', {}, this.#title, this.#value), this.#canvas, this.#legend?.element);
    this.#resize.observe(this.#canvas);
    onGround(() => this.#rebuild(), this.#stop.signal);
  }

  /**
   * Draws rows of the server.
   *
   * @param rows what is drawn
   * @param pale the same before it was smoothed, drawn pale; empty if it was not
   * @param look `title`, `log`, `byTime`, `x`: what X is called, `label(name)`: what a line is called
   */
  draw(rows, pale, look) {
    const tagged = pale.map((row) => ({ ...row, key: PALE + row.key }));
    const { names, columns } = columnsOf([...tagged, ...rows], look.log);
    this.#names = names;
    this.#look = look;
    this.#columns = columns;
    this.#title.textContent = look.title;
    const shape = JSON.stringify([names, look.log, look.byTime, names.map(look.label)]);
    const ownNames = names.filter((name) => !name.startsWith(PALE));
    this.#legend?.show(ownNames.map((name, i) => ({ name, label: look.label(name), colour: this.#colour(i), dash: dashOf(i) })));
    this.#canvas.setAttribute('aria-label', described(rows, ownNames, look.label));
    if (shape === this.#shape) {
      this.#plot.setData(columns, !this.#zoomed);
      if (this.#zoomed) this.#plot.redraw();
      return;
    }
    this.#shape = shape;
    this.#rebuild();
  }

  stop() {
    this.#stop.abort();
    this.#resize.disconnect();
    this.#plot?.destroy();
  }

  #colour(i) {
    return this.#options.colour + i;
  }

  #rebuild() {
    if (!this.#columns) return;
    this.#plot?.destroy();
    this.#zoomed = false;
    this.#plot = new uPlot(this.#settings(), this.#columns, this.#canvas);
    this.#plot.over.append(this.#box);
    this.#legend?.recolour((i) => colourOf(this.#colour(i)));
  }

  #size() {
    return { width: Math.max(200, this.#canvas.clientWidth), height: this.#options.height };
  }

  #settings() {
    const axis = { stroke: themed('--quiet'), grid: { stroke: themed('--grid'), width: 1 }, ticks: { stroke: themed('--grid'), width: 1 }, font: '11px system-ui, sans-serif' };
    const texts = (plot, splits) => splits.map((n) => (n === null ? '' : number(n)));
    return {
      ...this.#size(),
      legend: { show: false },
      cursor: {
        sync: { key: this.#options.sync },
        points: { size: 6 },
        dataIdx: (plot, series, index) => nearPoint(plot, plot.data[series], index),
      },
      scales: { x: { time: this.#look.byTime }, y: { distr: this.#look.log ? 3 : 1 } },
      axes: [
        this.#look.byTime ? { ...axis, size: 42, values: CLOCK } : { ...axis, size: 28, values: texts },
        { ...axis, values: texts, size: (plot, values) => 18 + 6.5 * Math.max(3, ...(values ?? []).map((text) => text.length)) },
      ],
      series: [{}, ...this.#names.map((name, i) => this.#line(name, i))],
      hooks: {
        setCursor: [(plot) => this.#showValues(plot)],
        setSelect: [(plot) => (this.#zoomed ||= plot.select.width > 0)],
        ready: [(plot) => plot.over.addEventListener('dblclick', () => (this.#zoomed = false))],
      },
    };
  }

  #line(name) {
    const isPale = name.startsWith(PALE);
    const i = this.#names.filter((one) => one.startsWith(PALE) === isPale).indexOf(name);
    return {
      stroke: colourOf(this.#colour(i), isPale ? 0.28 : 1),
      dash: isPale ? undefined : dashOf(i),
      width: isPale ? 1 : 1.6,
      points: isPale ? { show: false } : { size: 4 },
      show: this.#legend?.shows(name.replace(PALE, '')) ?? true,
    };
  }

  #setShown(name, shown) {
    for (const one of [name, PALE + name]) {
      const i = this.#names.indexOf(one);
      if (i >= 0 && this.#plot.series[i + 1].show !== shown) this.#plot.setSeries(i + 1, { show: shown });
    }
  }

  #showValues(plot) {
    const { idx, idxs, left, top } = plot.cursor;
    const values = idx === null || idx === undefined || left < 0 ? [] : this.#names.flatMap((name, i) => {
      const value = plot.data[i + 1][idxs[i + 1] ?? -1];
      return name.startsWith(PALE) || !plot.series[i + 1].show || !Number.isFinite(value)
        ? [] : [{ name, value, place: plot.data[0][idxs[i + 1]], colour: plot.series[i + 1].stroke(plot, i + 1) }];
    });
    this.#value.textContent = values.length === 1 ? number(values[0].value) : '';
    this.#box.hidden = values.length === 0 || !plot.over.matches(':hover');
    if (this.#box.hidden) return;
    fill(this.#box, h('div', { class: 'place' }, this.#placeText(nearest(values.map(({ place }) => place), plot.posToVal(left, 'x')))),
      values.sort((one, other) => other.value - one.value).slice(0, NAMED).map(({ name, value, colour }) =>
        h('div', { class: 'row' }, swatch(colour), h('bdi', {}, this.#look.label(name)), h('b', {}, number(value)))),
      values.length > NAMED && h('div', {}, `and ${values.length - NAMED} more`));
    const right = left > plot.over.clientWidth / 2;
    this.#box.style.left = right ? '' : `${left + 12}px`;
    this.#box.style.right = right ? `${plot.over.clientWidth - left + 12}px` : '';
    this.#box.style.top = `${Math.min(Math.max(0, top - 10), Math.max(0, plot.over.clientHeight - this.#box.offsetHeight))}px`;
  }

  #placeText(place) {
    return this.#look.byTime ? time(new Date(place * 1000).toISOString()) : `${this.#look.x ?? 'x'} ${number(place)}`;
  }
}

function nearest(places, wanted) {
  return places.reduce((best, place) => (Math.abs(place - wanted) < Math.abs(best - wanted) ? place : best));
}

function swatch(colour) {
  const mark = h('span', { class: 'swatch' });
  mark.style.backgroundColor = colour;
  return mark;
}

/** The nearest point of a line, if it is near: lines of one chart need not share their places. */
function nearPoint(plot, column, index) {
  const isNear = (i) => i >= 0 && i < column.length && Math.abs(plot.valToPos(plot.data[0][i], 'x') - plot.cursor.left) <= NEAR_PX;
  for (let away = 0; isNear(index - away) || isNear(index + away); away++) {
    if (isNear(index - away) && Number.isFinite(column[index - away])) return index - away;
    if (isNear(index + away) && Number.isFinite(column[index + away])) return index + away;
  }
  return null;
}

/** A chart in words, for those who do not see it. */
function described(rows, names, label) {
  const last = new Map(rows.map((row) => [row.key, row.value]));
  return `Graph of ${names.slice(0, NAMED).map((name) => `${label(name)}, last ${number(last.get(name))}`).join('; ')}`;
}
