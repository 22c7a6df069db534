// Makes README's picture of the home page: node tests/browser/readme_picture.mjs, after the
// programs and the page are built. BUILD_DIR names the folder of the programs.
import path from 'node:path';
import { DESKTOP, openBrowser, openPage } from './support/browser.mjs';
import { Monitor } from './support/monitor.mjs';
import { Simulator } from './support/simulator.mjs';
import { eventually } from './support/wait.mjs';

const picture = path.resolve(import.meta.dirname, '../../docs/pictures/home.png');
/** Enough readings for the small lines on the cards. */
const READINGS = 40;
const PATIENCE_MS = 300_000;

const simulator = await Simulator.start('--profile', 'demo', '--speed', '20');
const monitor = await Monitor.start();
try {
  await monitor.watch(simulator, ['Living room', 'Garage', 'Attic']);
  await fetch(`${monitor.url}/api/v1/settings`, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ electricity_price_per_kwh: 0.3, currency: 'EUR' }),
  });
  const enough = async () => (await monitor.get(`/api/v1/miners/1/samples?limit=${READINGS}`)).items.length === READINGS;
  await eventually('enough readings', enough, PATIENCE_MS);

  const browser = await openBrowser();
  const page = await openPage(browser, { theme: 'light', viewport: DESKTOP });
  await page.goto(monitor.url);
  await page.getByRole('heading', { level: 1, name: 'All 3 miners are fine' }).waitFor();
  await page.locator('article path[d^="M"][d*="L"]').nth(2).waitFor({ state: 'attached' });
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: picture, fullPage: true, animations: 'disabled' });
  await browser.close();
  console.log(picture);
} finally {
  await monitor.stop();
  await simulator.stop();
}
