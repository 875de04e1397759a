// A browser that does what it is told: reads one command a line, its words percent-encoded, and answers each with a line,
// "ok VALUE" or "failed REASON". Arguments: folder with puppeteer-core, the browser's program, a folder for downloads.
import { createRequire } from 'node:module';
import path from 'node:path';
import readline from 'node:readline';

const [library, program, downloads] = process.argv.slice(2);
const puppeteer = createRequire(path.join(library, 'package.json'))('puppeteer-core');

/** Long enough for a busy machine; a test that waits as long has failed. */
const PATIENCE_MS = 60_000;

const browser = await puppeteer.launch({
  executablePath: program,
  headless: true,
  timeout: 2 * PATIENCE_MS,
  // Root, as in continuous integration, has no sandbox; what is opened comes from the test's own server.
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic', '--force-color-profile=srgb', '--lang=en'],
});
const page = await browser.newPage();
await page.setViewport({ width: 1200, height: 800 });
page.setDefaultTimeout(PATIENCE_MS);
const session = await page.createCDPSession();
await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: downloads, eventsEnabled: true });

/** What the page, or the browser about it, complained of. */
const complaints = [];
page.on('pageerror', (error) => complaints.push(String(error)));
page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
page.on('dialog', async (dialog) => {
  complaints.push(`dialog: ${dialog.message()}`);
  await dialog.dismiss();
});

const commands = {
  open: (url) => page.goto(url),
  reload: () => page.reload(),
  click: (on) => page.locator(on).click(),
  controlClick: async (on) => {
    await page.keyboard.down('Control');
    await page.locator(on).click();
    await page.keyboard.up('Control');
  },
  hover: (on) => page.locator(on).hover(),
  type: (into, text) => (text === '' ? page.$eval(into, clear) : page.locator(into).fill(text)),
  press: (key) => page.keyboard.press(key),
  choose: (list, value) => page.select(list, value),
  until: async (expression) => {
    const value = await page.waitForFunction(expression, { polling: 50 });
    return value.jsonValue();
  },
  evaluate: (expression) => page.evaluate(expression),
  size: (width, height) => page.setViewport({ width: Number(width), height: Number(height) }),
  ground: (value) => page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]),
  picture: (file) => page.screenshot({ path: file }),
  complaints: () => complaints.splice(0).join('\n'),
};

/** As somebody does with the cross in the field. */
function clear(field) {
  field.value = '';
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const [name, ...words] = line.split(' ').map((word) => decodeURIComponent(word.replaceAll('+', ' ')));
  try {
    const value = await commands[name](...words);
    answer('ok', ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '');
  } catch (e) {
    answer('failed', String(e));
  }
}
await browser.close();

function answer(outcome, text) {
  process.stdout.write(`${outcome} ${encodeURIComponent(text)}\n`);
}
