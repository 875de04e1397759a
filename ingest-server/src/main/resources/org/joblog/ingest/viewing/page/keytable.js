// What is known of each key of the metadata: last, least and greatest value, and how many.
import { h } from './dom.js';
import { count, number, time } from './format.js';

/** A cell shows the beginning of a longer text. */
const LONGEST = 100;

export function keyTable(keys) {
  const rows = [...keys].sort((one, other) => (one.key < other.key ? -1 : 1));
  return h('table', { class: 'list keys' },
    h('caption', {}, 'Keys'),
    h('thead', {}, h('tr', {},
      ['Key', 'Last', 'Least', 'Greatest', 'Numbers', 'Not drawable', 'Kind', 'Last seen'].map((name, i) =>
        h('th', { scope: 'col', class: i > 0 && i < 6 ? 'number' : null }, name)))),
    h('tbody', {}, rows.map((row) => h('tr', {},
      h('th', { scope: 'row' }, h('bdi', {}, row.key)),
      h('td', { class: 'number', title: row.last_text }, h('bdi', {}, short(row.last_text))),
      h('td', { class: 'number', title: row.min_value }, value(row.min_value)),
      h('td', { class: 'number', title: row.max_value }, value(row.max_value)),
      h('td', { class: 'number' }, count(row.count)),
      h('td', { class: 'number' }, row.holes > 0 ? count(row.holes) : ''),
      h('td', {}, row.x_class_name),
      h('td', { class: 'time' }, time(row.last_at))))));
}

function short(text) {
  return text === null || text === undefined ? '' : text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function value(n) {
  return n === null || n === undefined ? '' : number(Number(n));
}
