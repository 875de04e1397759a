// Who looks at the page. The session itself is a cookie that no script can read.
import { AGAIN } from './poll.js';
import { ask, Away, Busy, send } from './server.js';

/** The wait between two attempts to find out who looks, while the server is away. */
const RETRY_MS = 3_000;

/** Exchanges the code of a link for a session. */
export async function enter(code) {
  await patiently(() => send('POST', 'enter', code));
}

/** Who looks: `user`, `operator`, `expires_at`. */
export async function who() {
  return (await patiently(() => ask('session')))[0];
}

export async function leave() {
  await send('DELETE', 'session');
}

async function patiently(attempt) {
  for (;;) {
    try {
      return await attempt();
    } catch (e) {
      if (!(e instanceof Away || e instanceof Busy)) throw e;
      await new Promise((resolve) => {
        setTimeout(resolve, RETRY_MS);
        document.addEventListener(AGAIN, resolve, { once: true });
      });
    }
  }
}
