// Chromium with a profile of its own, and pages that watch themselves: a request to another
// host, an error on the console or a breach of the content policy fails the test.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const DESKTOP = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };
export const SMALL_PHONE = { width: 320, height: 640 };

export function openBrowser() {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGUMENTS });
}

/** What the browser itself logs when the monitor is away, which a test asks for. */
const AWAY = /net::ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE|CONNECTION_RESET)/;
/** A refusal by the monitor is an answer, and the page shows it in words. */
const REFUSAL = /the server responded with a status of 4\d\d/;

/** The monitor itself is refused by a miner or a service, and says so. */
const PASSED_ON = /the server responded with a status of 503/;

/**
 * A page of a fresh profile. `page.verify()` fails when anything was wrong since it opened;
 * call it at the end of a test. `mayLose`: the test stops the monitor; `mayRefuse`: it makes
 * something refuse to answer the monitor.
 */
export async function openPage(browser, options = {}) {
  const { theme = 'light', viewport = DESKTOP, mayLose = false, mayRefuse = false } = options;
  const context = await browser.newContext({
    viewport,
    colorScheme: theme,
    deviceScaleFactor: viewport.width < 500 ? 2 : 1,
    isMobile: viewport.width < 500,
    hasTouch: viewport.width < 500,
    locale: 'en-GB',
  });
  const page = await context.newPage();
  const wrong = [];
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    const isOurs = hostname === '127.0.0.1' || protocol === 'data:' || protocol === 'blob:';
    if (!isOurs) wrong.push(`asks another host: ${request.url()}`);
  });
  page.on('pageerror', (error) => wrong.push(`error: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    if (REFUSAL.test(text) || (mayLose && AWAY.test(text))) return;
    if (mayRefuse && PASSED_ON.test(text)) return;
    wrong.push(`console: ${text}`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`content policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  page.verify = () => assert.deepEqual(wrong, []);
  return page;
}

/** True when the page is wider than its window. */
export function scrollsSideways(page) {
  return page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  );
}
