// Records to take home: NDJSON as the server sends it, and CSV, which is made here.
import { h } from './dom.js';
import { cell } from './format.js';
import { address, ask, jobPath, rows, spelledNumber } from './server.js';

/** So many characters a browser turns into a table without running out of memory: its objects take ten times as much. */
const MOST_CHARS = 64 * 1024 * 1024;

/** Links that download the records of a job. */
export function downloads(job) {
  const csv = h('button', { type: 'button', onclick: () => save(job, csv) }, 'CSV');
  return [
    h('a', { class: 'button', href: address(jobPath(job, 'metadata')), download: `${fileName(job)}.ndjson` }, 'Download NDJSON'),
    csv,
  ];
}

/** A job's name without what file systems do not like. */
function fileName(job) {
  return `joblog-${job.replaceAll(/[^A-Za-z0-9_-]+/g, '-')}`;
}

async function save(job, button) {
  button.disabled = true;
  button.textContent = 'Making CSV …';
  try {
    const text = await wholeText(job);
    const url = URL.createObjectURL(new Blob([csvOf(rows(text, spelledNumber))], { type: 'text/csv' }));
    h('a', { href: url, download: `${fileName(job)}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    button.textContent = 'CSV';
  } catch (e) {
    button.textContent = `CSV: ${e.message}`;
  } finally {
    button.disabled = false;
  }
}

async function wholeText(job) {
  const answer = await fetch(address(jobPath(job, 'metadata')), { credentials: 'same-origin', cache: 'no-store' });
  if (!answer.ok) {
    await ask(jobPath(job)); // says what is wrong in the usual way
    throw new Error(`the server answered ${answer.status}`);
  }
  const parts = [];
  let chars = 0;
  for (const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) return parts.join('');
    chars += value.length;
    if (chars > MOST_CHARS) {
      await reader.cancel();
      throw new Error('too large for the browser, take NDJSON');
    }
    parts.push(value);
  }
}

/** A table with a column for the time and each key, in the order in which they first came; oldest record first. */
export function csvOf(records) {
  const ordered = records.toReversed();
  const keys = new Set();
  for (const { record } of ordered) Object.keys(record).forEach((key) => keys.add(key));
  const lines = [['time', ...keys].map(quoted).join(',')];
  for (const { time, record } of ordered) {
    lines.push([time, ...[...keys].map((key) => (Object.hasOwn(record, key) ? harmless(record[key]) : ''))].map(quoted).join(','));
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** A spreadsheet would run a text that begins like a formula: it gets an apostrophe, as a person would type it. */
function harmless(value) {
  const text = cell(value);
  return typeof value === 'string' && /^[=+@\t\r]|^-(?!Infinity$)/.test(value) ? `'${text}` : text;
}

function quoted(text) {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
