// The log of a job: its newest lines, live, and older ones on demand.
import { MODES } from './badges.js';
import { h } from './dom.js';
import { count } from './format.js';
import { mark } from './highlight.js';
import { Lines, MOST_LINES } from './lines.js';
import { LogBar } from './logbar.js';
import { Poll } from './poll.js';
import { remember } from './route.js';
import { ask, jobPath } from './server.js';

const LIVE_MS = 1_000;
const ENDED_MS = 15_000;

/** A search reads the whole log of the job, every time. */
const SEARCH_MS = 5_000;

/** Lines at first, and of older ones at a time. */
const PAGE = 1_000;

/** Lines of a live request: twice the window of a stream in which lines can still change. */
const LIVE_LINES = 200;

/** This near to the top older lines are fetched. */
const NEAR_TOP_PX = 200;

export class Log {
  #tab;
  #bar;
  #poll;
  #job = null;
  #hasOlder = false;
  #loadingOlder = false;
  #detached = false;
  #fresh = 0;
  #older = h('button', { type: 'button', class: 'more', hidden: true, onclick: () => this.#loadOlder() }, 'Older lines');
  #empty = h('p', { class: 'quiet', hidden: true });
  #lines = new Lines(this.#older, this.#empty);
  #jump = h('button', { type: 'button', class: 'jump', hidden: true, onclick: () => this.#toNewest() });

  constructor(tab) {
    this.#tab = tab;
    this.#bar = new LogBar(tab, this.#lines.element, () => this.#restart());
    this.element = h('div', { class: 'logtab' }, this.#bar.element, h('div', { class: 'logframe' }, this.#lines.element, this.#jump));
    this.#lines.element.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.#poll = new Poll({
      load: (signal) => this.#load(signal),
      show: (answer) => this.#show(answer),
      fail: tab.fail,
      every: () => (!tab.isRunning() ? ENDED_MS : this.#bar.search ? SEARCH_MS : LIVE_MS),
    });
  }

  jobChanged(job) {
    this.#job = job;
    this.#showEmpty();
  }

  stop() {
    this.#poll.stop();
    this.#lines.stop();
    this.#bar.stop();
    mark([], '');
  }

  /** Other lines are wanted: nothing that is shown counts any more. */
  #restart() {
    remember(this.#tab.parts, this.#bar.inAddress());
    this.#lines.clear();
    this.#detached = false;
    this.#hasOlder = false;
    this.#empty.hidden = true;
    this.#poll.now();
  }

  async #load(signal) {
    const first = this.#lines.size === 0;
    let newest = first ? PAGE : Math.min(LIVE_LINES * this.#bar.streams(), MOST_LINES);
    let rows = await this.#ask({ newest }, signal);
    if (!first && rows.length >= newest && !rows.some((row) => this.#lines.has(row))) {
      newest = MOST_LINES;
      rows = await this.#ask({ newest }, signal);
    }
    return { rows, isWhole: rows.length < newest };
  }

  #ask(bounds, signal) {
    return ask(jobPath(this.#tab.job, 'log'), { ...this.#bar.query(), ...bounds }, signal);
  }

  #show({ rows, isWhole }) {
    const lines = this.#lines;
    const first = lines.size === 0;
    const follow = lines.following;
    const more = rows.filter((row) => !lines.has(row)).length;
    if (this.#detached || (!follow && lines.size + more > MOST_LINES)) {
      this.#detached = true; // who reads older lines keeps them
      this.#showJump();
      return;
    }
    const joins = isWhole || rows.length === 0 || rows.some((row) => lines.has(row));
    if (!joins && !first) lines.clear();
    if (first || !joins) this.#hasOlder = !isWhole;
    const fresh = lines.setEnd(rows, isWhole);
    if (follow) {
      const many = lines.size - MOST_LINES;
      if (many > 0) {
        lines.dropOldest(many);
        this.#hasOlder = true;
      }
      lines.toEnd();
    } else this.#fresh += fresh;
    this.#after();
  }

  #after() {
    this.#older.hidden = !this.#hasOlder;
    this.#showEmpty();
    this.#showJump();
    mark(this.#bar.search ? this.#lines.texts() : [], this.#bar.search);
  }

  #showEmpty() {
    const isHidden = this.#job !== null && this.#job.mode !== 'enabled' && !this.#bar.search;
    this.#empty.hidden = this.#lines.size > 0 && !isHidden;
    if (this.#bar.search) this.#empty.textContent = 'No line contains this.';
    else if (isHidden) this.#empty.textContent = MODES[this.#job.mode];
    else this.#empty.textContent = this.#tab.isRunning() ? 'Nothing has been printed here yet.' : 'Nothing was printed here.';
  }

  #scrolled() {
    if (this.#lines.following) this.#fresh = 0;
    if (this.#lines.element.scrollTop < NEAR_TOP_PX && this.#hasOlder && this.#lines.size > 0) this.#loadOlder();
    this.#showJump();
  }

  #showJump() {
    this.#jump.hidden = this.#lines.size === 0 || (this.#lines.following && !this.#detached);
    const many = this.#fresh > 0 && !this.#detached ? ` (${count(this.#fresh)} more)` : '';
    this.#jump.textContent = `↓ Newest lines${many}`;
  }

  #toNewest() {
    this.#fresh = 0;
    if (this.#detached) {
      this.#restart();
      return;
    }
    this.#lines.toEnd();
    this.#showJump();
    this.#lines.element.focus({ preventScroll: true });
  }

  async #loadOlder() {
    if (this.#loadingOlder) return;
    this.#loadingOlder = true;
    this.#older.textContent = 'Loading older lines …';
    try {
      const oldest = this.#lines.oldest;
      const rows = await this.#olderThan(oldest);
      if (this.#lines.oldest === oldest) this.#putBefore(rows);
    } catch {
      // The banner says that the server is away; scrolling, or the button, tries again.
    } finally {
      this.#loadingOlder = false;
      this.#older.textContent = 'Older lines';
    }
  }

  /** Lines before this one. More than a page can be of its moment: then as many as there can be. */
  async #olderThan({ time }) {
    for (const newest of [PAGE, MOST_LINES]) {
      const rows = await this.#ask({ newest, until: time });
      const older = rows.filter((row) => !this.#lines.has(row));
      this.#hasOlder = rows.length >= newest;
      if (older.length > 0 || !this.#hasOlder) return older;
    }
    this.#hasOlder = false; // all 10,000 are of one moment: older ones are found by a search
    return [];
  }

  #putBefore(rows) {
    this.#lines.holdingPlace(() => {
      this.#lines.putBefore(rows);
      this.#older.hidden = !this.#hasOlder;
      const many = this.#lines.size - MOST_LINES;
      if (many > 0) {
        this.#lines.dropNewest(many);
        this.#detached = true;
      }
    });
    this.#after();
  }
}
