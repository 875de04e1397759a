// The page: who looks, and the view that the address names.
import { Compare } from './compare.js';
import { startBanner } from './banner.js';
import { fill, h } from './dom.js';
import { Job } from './job.js';
import { Jobs } from './jobs.js';
import { route, to } from './route.js';
import { LoggedOut, Refused } from './server.js';
import { enter, leave, who } from './session.js';

const main = document.getElementById('main');
const leaveButton = document.getElementById('leave');

/** The view that is shown; null: none. Views have `element`, `stop()` and `goTo(route)`, which says whether it can stay. */
let view = null;
let user = null;

const VIEWS = { jobs: Jobs, job: Job, compare: Compare };

async function show() {
  if (await exchangeCode()) return;
  if (user === null && !(await greet())) return;
  const there = route();
  if (there.parts.length === 0) {
    history.replaceState(null, '', to(['jobs']));
    return show();
  }
  if (view?.goTo(there)) return;
  const View = VIEWS[there.parts[0]];
  if (View === undefined) {
    showMessage('There is no such page.', h('a', { href: to(['jobs']) }, 'Jobs'));
    return;
  }
  const isFirst = view === null;
  close();
  view = new View(there, { user, fail });
  fill(main, view.element);
  if (isFirst) return;
  scrollTo(0, 0);
  main.focus({ preventScroll: true }); // whoever hears the page is told where it begins anew
}

function close() {
  view?.stop();
  view = null;
}

/** A link's code: used at once, and gone from the address before anything else happens. A link can lead on to a view. */
async function exchangeCode() {
  const { code, view: wanted } = /^#enter=(?<code>[^&]*)(&to=(?<view>\/[^&]*))?$/.exec(location.hash)?.groups ?? {};
  if (code === undefined) return false;
  history.replaceState(null, '', wanted === undefined ? to(['jobs']) : `#${wanted}`);
  close();
  user = null;
  try {
    await enter(code);
  } catch (e) {
    fail(e, 'This link has been used already, or is older than two minutes.');
    return true;
  }
  await show();
  return true;
}

async function greet() {
  try {
    user = await who();
  } catch (e) {
    fail(e);
    return false;
  }
  document.getElementById('who').textContent = user.operator ? `${user.user} (operator: sees all jobs)` : user.user;
  leaveButton.hidden = false;
  return true;
}

/** What went wrong so that a view cannot go on. */
function fail(error, hint = '') {
  if (error instanceof LoggedOut || hint) {
    const over = user !== null && !hint;
    user = null;
    document.getElementById('who').textContent = '';
    leaveButton.hidden = true;
    showLogin(over ? 'Your session is over.' : hint || 'You are not logged in.');
  } else if (error instanceof Refused) {
    const text = error.status === 404 ? 'There is no such job, or it is not yours.' : error.message;
    showMessage(text, h('a', { href: to(['jobs']) }, 'Jobs'));
  } else {
    showMessage('Something in this page went wrong.', `${error.name}: ${error.message}`);
    throw error;
  }
}

function showLogin(reason) {
  showMessage(
    reason,
    h('span', {}, 'On a head node of the cluster, run ', h('code', {}, 'joblog page'), ' and open the link that it prints.'),
    h('button', { type: 'button', onclick: show }, 'I have done so: go on here'),
  );
}

function showMessage(title, ...more) {
  close();
  document.title = 'joblog';
  fill(main, h('section', { class: 'message' }, h('h1', {}, title), ...more.map((one) => h('p', {}, one))));
}

leaveButton.addEventListener('click', async () => {
  try {
    await leave();
  } catch (e) {
    if (!(e instanceof LoggedOut)) return; // the banner says why
  }
  user = null;
  document.getElementById('who').textContent = '';
  leaveButton.hidden = true;
  showLogin('You are logged out.');
});
addEventListener('hashchange', show);
startBanner(document.getElementById('banner'));
show();
