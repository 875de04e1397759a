// The records of a job as a table, newest first.
import { fill, h } from './dom.js';
import { downloads } from './download.js';
import { cell, count, moment, time } from './format.js';
import { Poll } from './poll.js';
import { remember } from './route.js';
import { askExactly, jobPath } from './server.js';

const LIVE_MS = 2_000;

/** Records on a page. */
const PAGE = 100;

/** Records with more keys are read better in the download. */
const MOST_COLUMNS = 200;

/** A cell shows the beginning of a longer text. */
const LONGEST_CELL = 500;

export class Metadata {
  #tab;
  #before;
  #poll;
  #known = '';
  #table = h('div', { class: 'wide records' }, h('p', { class: 'quiet' }, 'Loading …'));
  #shown = h('span', { class: 'quiet' });
  #newest = h('button', { type: 'button', onclick: () => this.#turn('') }, '⇤ Newest');
  #older = h('button', { type: 'button', onclick: () => this.#turn(this.#last) }, 'Older →');
  #last = '';

  constructor(tab) {
    this.#tab = tab;
    this.#before = tab.query.get('before') ?? '';
    this.element = h('div', {},
      h('div', { class: 'bar' }, this.#newest, this.#older, this.#shown, h('span', { class: 'push' }), downloads(tab.job)),
      this.#table);
    this.#poll = new Poll({
      load: (signal) => askExactly(jobPath(tab.job, 'records'), { newest: PAGE, before: this.#before }, signal),
      show: (rows) => this.#show(rows),
      fail: tab.fail,
      // Older pages do not change.
      every: () => (this.#before === '' && tab.isRunning() ? LIVE_MS : null),
    });
  }

  stop() {
    this.#poll.stop();
  }

  #turn(before) {
    this.#before = String(before);
    remember(this.#tab.parts, { before: this.#before });
    this.#poll.now();
  }

  #show(rows) {
    this.#newest.disabled = this.#before === '';
    this.#older.disabled = rows.length < PAGE;
    this.#last = rows.at(-1)?.sequence ?? '';
    const known = `${this.#before} ${rows[0]?.sequence} ${rows.length}`;
    if (known === this.#known) return;
    this.#known = known;
    if (rows.length === 0) {
      this.#shown.textContent = '';
      fill(this.#table, this.#before === '' ? noRecords() : h('p', { class: 'quiet' }, 'No older records.'));
      return;
    }
    this.#shown.textContent = `Records ${count(rows.at(-1).sequence)} to ${count(rows[0].sequence)}`;
    fill(this.#table, tableOf(rows));
  }
}

function tableOf(rows) {
  const columns = columnsOf(rows);
  const shown = columns.slice(0, MOST_COLUMNS);
  const left = columns.length - shown.length;
  return [
    left > 0 && h('p', { class: 'quiet' }, `${count(left)} more columns are in the download.`),
    h('table', { class: 'list' },
      h('thead', {}, h('tr', {},
        h('th', { scope: 'col' }, 'Time'),
        shown.map((key) => h('th', { scope: 'col', class: isNumeric(rows, key) ? 'number' : null }, h('bdi', {}, key))))),
      h('tbody', {}, rows.map((row) => h('tr', {},
        h('td', { class: 'time', title: `${time(row.time)} · record ${row.sequence}` }, moment(row.time)),
        shown.map((key) => cellOf(row.record[key])))))),
  ];
}

/** The keys of the records in the order in which they first came: the records are newest first. */
function columnsOf(rows) {
  const keys = new Set();
  for (const { record } of rows.toReversed()) Object.keys(record).forEach((key) => keys.add(key));
  return [...keys];
}

function isNumber(value) {
  return typeof value === 'number' || value instanceof Number || NOT_FINITE.has(value);
}

const NOT_FINITE = new Set(['NaN', 'Infinity', '-Infinity']);

function isNumeric(rows, key) {
  return rows.every(({ record }) => !Object.hasOwn(record, key) || isNumber(record[key]));
}

function cellOf(value) {
  const text = cell(value);
  const long = text.length > LONGEST_CELL;
  return h('td', { class: isNumber(value) ? 'number' : 'text', title: long ? `${count(text.length)} characters` : null },
    h('bdi', {}, long ? `${text.slice(0, LONGEST_CELL)}…` : text));
}

/** What somebody can do who sees nothing. */
export function noRecords() {
  return h('div', { class: 'message' },
    h('h2', {}, 'No metadata'),
    h('p', {}, 'Print one JSON object on a line of stdout, and nothing else on that line:'),
    h('pre', {}, '{"epoch": 1, "loss": 7.2355865, "acc": 0.00123}'),
    h('p', {}, 'Records become a table, their numbers graphs.'));
}
