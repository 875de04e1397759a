// Asks the server. Answers are NDJSON; what goes wrong is one of four kinds.

/** The server could not be asked, or broke off: it is away. Nothing is known of what was asked for. */
export class Away extends Error {}

/** The server cannot answer now: too many ask at once, or it has no database. */
export class Busy extends Error {}

/** There is no session (any more). */
export class LoggedOut extends Error {}

/** The server refused: what was asked for is not there, or was asked wrongly. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** A server that does not begin to answer within this time is as good as away: its own statements end sooner. */
const PATIENCE_MS = 40_000;

/** Who wants to know how each request went: null for well, else the error. */
const listeners = new Set();

export function onOutcome(listener) {
  listeners.add(listener);
}

function tell(error) {
  listeners.forEach((listener) => listener(error));
}

/**
 * The rows of an answer.
 *
 * @param path below /v1, with its parts percent-encoded
 * @param query arguments: a list stands for a repeated argument; empty texts, null and undefined are left out
 */
export async function ask(path, query = {}, signal = undefined) {
  return rows(await request('GET', address(path, query), undefined, signal));
}

/** As ask; a number that a double would spell otherwise than the job did is a {@link Spelled}. */
export async function askExactly(path, query = {}, signal = undefined) {
  return rows(await request('GET', address(path, query), undefined, signal), spelledNumber);
}

/** Sends something that changes something; the answer's rows, none for 204. */
export async function send(method, path, body) {
  return rows(await request(method, `/v1/${path}`, body));
}

/** Where something can be had, for a link. */
export function address(path, query = {}) {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== '') words.append(name, one);
    }
  }
  const text = words.toString();
  return `/v1/${path}${text ? `?${text}` : ''}`;
}

/** The part of a path that names a job. */
export function jobPath(job, rest = '') {
  return `jobs/${encodeURIComponent(job)}${rest && `/${rest}`}`;
}

async function request(method, url, body, signal) {
  let answer;
  let text;
  try {
    const patience = AbortSignal.timeout(PATIENCE_MS);
    answer = await fetch(url, {
      method,
      body,
      headers: body === undefined ? {} : { 'Content-Type': 'text/plain' },
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
    });
    text = await answer.text();
  } catch (e) {
    if (signal?.aborted) throw e;
    throw failed(new Away('The server cannot be reached.'));
  }
  if (answer.ok) {
    tell(null);
    return text;
  }
  throw failed(errorOf(answer.status, text));
}

function failed(error) {
  tell(error);
  return error;
}

function errorOf(status, text) {
  let said = '';
  try {
    said = String(JSON.parse(text).error ?? '');
  } catch {
    // An answer of something between here and the server: its status says enough.
  }
  if (status === 401) return new LoggedOut(said);
  if (status === 502 || status === 504) return new Away('The server cannot be reached.');
  if (status === 503 || status === 429) return new Busy(said || 'The server is busy.');
  return new Refused(status, said || `The server answered ${status}.`);
}

/** The objects of an NDJSON text. */
export function rows(text, reviver = undefined) {
  return text.split('\n').filter(Boolean).map((line) => JSON.parse(line, reviver));
}

/** A number with its spelling. */
export class Spelled extends Number {
  constructor(value, spelling) {
    super(value);
    this.spelling = spelling;
  }

  toString() {
    return this.spelling;
  }
}

/** For JSON.parse. A browser that does not tell the source of a value, as older ones, rounds it. */
export function spelledNumber(name, value, context) {
  return typeof value === 'number' && context?.source !== undefined && context.source !== String(value)
    ? new Spelled(value, context.source)
    : value;
}
