// Asks again and again, while somebody looks.
import { Away, Busy } from './server.js';

/** The first wait after a failure; each further one is twice as long. */
const FIRST_WAIT_MS = 1_000;

/** A server that is back is noticed after at most this time, and one that struggles is not asked more often. */
const LONGEST_WAIT_MS = 30_000;

/** Somebody does not want to wait. */
export const AGAIN = 'joblog:again';

/**
 * Loads and shows, at once and then every so often while the page is visible. A server that is away or busy is asked
 * again after growing waits; what is shown stays. Any other failure is told, and ends it.
 */
export class Poll {
  #task;
  #wait = FIRST_WAIT_MS;
  #timer = null;
  #round = null;
  #failed = false;
  #slept = false;
  #stop = new AbortController();

  /**
   * @param task `load(signal)` asks; `show(answer)` is given what it returned; `fail(error)` an error that asking again
   *     does not heal; `every`: a function that returns the milliseconds until the next request, or null for no further one
   */
  constructor(task) {
    this.#task = task;
    const { signal } = this.#stop;
    document.addEventListener('visibilitychange', () => !document.hidden && this.#slept && this.now(), { signal });
    document.addEventListener(AGAIN, () => this.#failed && this.now(), { signal });
    this.now();
  }

  /** Asks now. An answer that is still under way will not be shown. */
  now() {
    clearTimeout(this.#timer);
    this.#slept = false;
    this.#round?.abort();
    this.#round = new AbortController();
    this.#run(this.#round.signal);
  }

  stop() {
    this.#stop.abort();
    this.#round?.abort();
    clearTimeout(this.#timer);
  }

  async #run(signal) {
    let wait;
    try {
      const answer = await this.#task.load(signal);
      if (signal.aborted) return;
      this.#task.show(answer);
      this.#wait = FIRST_WAIT_MS;
      this.#failed = false;
      wait = this.#task.every();
    } catch (e) {
      if (signal.aborted) return;
      wait = this.#after(e);
    }
    if (wait !== null) this.#timer = setTimeout(() => this.#wake(), wait);
  }

  #after(e) {
    if (!(e instanceof Away || e instanceof Busy)) {
      this.#task.fail(e);
      return null;
    }
    this.#failed = true;
    // Pages that lost the server together do not all come back in one moment.
    const wait = this.#wait * (0.75 + Math.random() / 2);
    this.#wait = Math.min(2 * this.#wait, LONGEST_WAIT_MS);
    return wait;
  }

  #wake() {
    if (document.hidden) this.#slept = true;
    else this.now();
  }
}
