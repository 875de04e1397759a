// Values as people read them.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const two = (n) => String(n).padStart(2, '0');

/** 2026-11-23 21:05:09, in the time zone of the browser; empty for none. */
export function time(iso) {
  if (!iso) return '';
  const t = new Date(iso);
  return `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())} ${clock(t)}`;
}

/** 21:05:09.120, with the day before it if that is not today. */
export function moment(iso) {
  const t = new Date(iso);
  const day = t.toDateString() === new Date().toDateString() ? '' : `${two(t.getMonth() + 1)}-${two(t.getDate())} `;
  return `${day}${clock(t)}.${String(t.getMilliseconds()).padStart(3, '0')}`;
}

export function clock(t) {
  return `${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}`;
}

/** How long from one time to another, or until now: 3 d 4 h, 2 h 5 min, 4 min 3 s, 12 s. */
export function duration(from, until) {
  if (!from) return '';
  const s = Math.max(0, Math.round(((until ? Date.parse(until) : Date.now()) - Date.parse(from)) / 1000));
  if (s >= DAY) return `${Math.floor(s / DAY)} d ${Math.floor((s % DAY) / HOUR)} h`;
  if (s >= HOUR) return `${Math.floor(s / HOUR)} h ${Math.floor((s % HOUR) / MINUTE)} min`;
  if (s >= MINUTE) return `${Math.floor(s / MINUTE)} min ${s % MINUTE} s`;
  return `${s} s`;
}

/** 1,234,567 */
export function count(n) {
  return n === null || n === undefined ? '' : Number(n).toLocaleString('en-GB');
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** 1.5 MiB */
export function bytes(n) {
  if (n === null || n === undefined) return '';
  let value = Number(n);
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}

/** A number in a graph: at most six digits that say something; very large and very small ones with an exponent. */
export function number(n) {
  if (n === null || n === undefined) return '–';
  if (n === 0) return '0';
  const size = Math.abs(n);
  if (Number.isInteger(n) && size < 1e9) return n.toLocaleString('en-GB');
  if (size >= 1e9 || size < 1e-4) return n.toExponential(3).replace(/\.?0+e/, 'e').replace('e+', 'e');
  return String(Number(n.toPrecision(6)));
}

/** How a job ended, in a few words; empty if there is nothing to say. */
export function exit(job) {
  if (job.signal > 0) return `signal ${job.signal}`;
  return job.exit_code !== null && job.exit_code >= 0 ? String(job.exit_code) : '';
}

/** A value of a record in a cell: texts as they are, all else as compact JSON, numbers as they were spelled. */
export function cell(value) {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : json(value);
}

/** Compact JSON that keeps the spelling of numbers. */
export function json(value) {
  if (value instanceof Number) return value.toString();
  if (Array.isArray(value)) return `[${value.map(json).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    return `{${Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}:${json(one)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
