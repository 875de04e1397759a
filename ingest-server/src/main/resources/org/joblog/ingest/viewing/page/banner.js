// Says that the server is away, and since when.
import { fill, h } from './dom.js';
import { clock } from './format.js';
import { AGAIN } from './poll.js';
import { Away, Busy, onOutcome } from './server.js';

/** Shows in the element how the last request went, if the server could not answer it. */
export function startBanner(element) {
  let since = null;
  onOutcome((error) => {
    if (!(error instanceof Away || error instanceof Busy)) {
      since = null;
      element.hidden = true;
      return;
    }
    since ??= clock(new Date());
    const what = error instanceof Away ? 'The server cannot be reached' : `The server cannot answer (${error.message})`;
    fill(
      element,
      h('span', {}, `${what}, since ${since}. What you see is from before. Trying again …`),
      h('button', { type: 'button', onclick: () => document.dispatchEvent(new Event(AGAIN)) }, 'Try now'),
    );
    element.hidden = false;
  });
}
