// A miner's page, and what can be done there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { openBrowser, openPage } from './support/browser.mjs';
import { Monitor } from './support/monitor.mjs';
import { Simulator } from './support/simulator.mjs';
import { eventually } from './support/wait.mjs';

let browser, simulator, monitor;

before(async () => {
  simulator = await Simulator.start('--count', '3');
  monitor = await Monitor.start();
  await monitor.watch(simulator, ['Kitchen', 'Garage']);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await monitor?.stop();
  await simulator?.stop();
});

async function openMiner(id, query = '') {
  const page = await openPage(browser);
  await page.goto(`${monitor.url}/miners/${id}${query}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

async function choose(page, item) {
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

/** How many points of a chart's canvas are painted in a colour as strong as a line's. */
function paintedPoints(canvas) {
  return canvas.evaluate((element) => {
    const { width, height } = element;
    const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    copy.drawImage(element, 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      const spread = Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]);
      if (data[i + 3] > 200 && spread > 60) count++;
    }
    return count;
  });
}

test('a card leads to the page of its miner, and back', async () => {
  const page = await openPage(browser);
  await page.goto(monitor.url);
  await page.getByRole('link', { name: 'Garage' }).click();
  await page.getByRole('heading', { level: 1, name: 'Garage' }).waitFor();
  assert.match(await page.title(), /Garage/);

  await page.getByRole('link', { name: 'All miners' }).click();
  await page.getByRole('article').nth(1).waitFor();
  page.verify();
});

test('charts draw what was recorded and say it in words', async () => {
  const page = await openMiner(1, '?range=1h');
  const chart = page.getByRole('img', { name: /^Hashrate, last hour: Hashrate between/ });
  await chart.waitFor();
  assert.equal(await page.getByRole('figure').count(), 9);
  await eventually('lines are painted', async () => (await paintedPoints(chart.locator('canvas'))) > 10);
  page.verify();
});

test('the range of the charts stands in the address', async () => {
  const page = await openMiner(1);
  await page.getByText('24 h', { exact: true }).click();
  await page.waitForURL(/range=24h/);
  await page.getByRole('img', { name: /^Power, last 24 hours/ }).waitFor();
  page.verify();
});

test('a drag over a chart looks closer, keys move on, and one button goes back to now', async () => {
  const page = await openMiner(1, '?range=1h');
  const chart = page.getByRole('img', { name: /^Hashrate, last hour/ });
  await chart.waitFor();
  await chart.scrollIntoViewIfNeeded();
  const box = await chart.locator('.u-over').boundingBox();
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.8, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  await page.waitForURL(/from=\d+&to=\d+/);
  const spanOf = (url) => {
    const params = new URL(url).searchParams;
    return { from: Number(params.get('from')), to: Number(params.get('to')) };
  };
  const near = spanOf(page.url());
  assert.ok(near.to - near.from < 3_600_000, 'less than the hour is shown');

  const figure = page.getByRole('img', { name: /^Hashrate, / });
  await figure.focus();
  await page.keyboard.press('-');
  await page.waitForFunction((before) => !location.href.includes(`from=${before}`), near.from);
  const far = spanOf(page.url());
  assert.ok(far.to - far.from >= near.to - near.from, 'minus shows no less');

  await page.getByRole('button', { name: 'Back to now' }).click();
  await page.waitForURL(/range=1h/);
  page.verify();
});

test('another miner is drawn beside this one, and the address says so', async () => {
  const page = await openMiner(1, '?range=1h');
  await page.getByRole('img', { name: /^Hashrate, last hour/ }).waitFor();
  await page.getByRole('button', { name: 'Compare with' }).click();
  await page.getByRole('menuitem').first().click();
  await page.waitForURL(/with=2/);
  await page.getByRole('img', { name: /^Hashrate, last hour: Kitchen between .*; .* between .*; Expected/ }).waitFor();
  await page.getByRole('button', { name: /^Stop comparing with/ }).click();
  await page.getByRole('img', { name: /^Hashrate, last hour: Hashrate between/ }).waitFor();
  page.verify();
});

test('a chart is kept as a picture, and its readings as a file', async () => {
  const page = await openMiner(1, '?range=1h');
  await page.getByRole('img', { name: /^Power, last hour/ }).waitFor();
  const [picture] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save “Power” as a picture' }).click(),
  ]);
  assert.match(picture.suggestedFilename(), /-power\.png$/);
  const bytes = readFileSync(await picture.path());
  assert.equal(bytes.subarray(1, 4).toString(), 'PNG');

  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Save readings (CSV)' }).click(),
  ]);
  const [head, first] = readFileSync(await file.path(), 'utf8').split('\n');
  assert.match(head, /hashrate_ghs/);
  assert.match(first, /^20\d\d-/);
  page.verify();
});

test('a figure explains itself for this very board', async () => {
  const page = await openMiner(1);
  await page.getByRole('button', { name: /^Chip temperature/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/up to 68\s°C is fine, at 75\s°C/).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  page.verify();
});

test('a miner is asked at once', async () => {
  const page = await openMiner(1);
  await page.getByRole('button', { name: 'Check now' }).click();
  await page.getByText('Kitchen has answered.').waitFor();
  page.verify();
});

test('a new name shows everywhere, also on a page that was open before', async () => {
  const other = await openPage(browser);
  await other.goto(monitor.url);
  const page = await openMiner(1);

  await choose(page, 'Rename');
  await page.getByLabel('New name').fill('Cellar');
  await page.getByRole('button', { name: 'Save name' }).click();

  await page.getByRole('heading', { level: 1, name: 'Cellar' }).waitFor();
  await other.getByRole('link', { name: 'Cellar' }).waitFor();
  page.verify();
  other.verify();
});

test('the address of another miner is refused in words, its own is taken', async () => {
  const page = await openMiner(1);
  const own = simulator.devices[0].address;
  await choose(page, 'Change address');
  await page.getByRole('textbox', { name: 'Address' }).fill(simulator.devices[1].address);
  await page.getByRole('button', { name: 'Save address' }).click();
  await page.getByRole('alert').filter({ hasText: /'Garage' is watched at .* already/ }).waitFor();

  await page.getByRole('textbox', { name: 'Address' }).fill(own);
  await page.getByRole('button', { name: 'Save address' }).click();
  await page.getByText('is asked at its new address now').waitFor();
  page.verify();
});

test('a miner is added in a dialog that keeps the keyboard inside and gives it back', async () => {
  const page = await openPage(browser);
  await page.goto(monitor.url);
  const opener = page.getByRole('button', { name: 'Add a miner' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Add a miner' });
  await dialog.waitFor();
  const holdsFocus = () => dialog.evaluate((element) => element.contains(document.activeElement));
  await eventually('the focus is in the dialog', holdsFocus); // it follows a moment after the picture
  for (let i = 0; i < 8; i++) {
    await page.keyboard.press('Tab');
    await eventually('the focus is still in the dialog', holdsFocus);
  }
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await eventually('the focus is back', () => opener.evaluate((button) => button === document.activeElement));

  await opener.click();
  await dialog.getByLabel('Address').fill(simulator.devices[2].address);
  await dialog.getByLabel('Name').fill('Shed');
  await dialog.getByRole('button', { name: 'Add miner' }).click();
  await page.getByRole('link', { name: 'Shed' }).waitFor();
  await dialog.waitFor({ state: 'detached' });
  page.verify();
});

test('a miner is removed only after a question', async () => {
  const page = await openMiner(2);
  await choose(page, 'Remove');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('heading', { level: 1, name: 'Garage' }).waitFor();

  await choose(page, 'Remove');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.waitForURL(`${monitor.url}/`);
  await page.getByRole('link', { name: 'Garage' }).waitFor({ state: 'detached' });
  page.verify();
});

test('a miner that is not watched is said to be so', async () => {
  const page = await openMiner(999);
  await page.getByRole('heading', { level: 1, name: 'This miner is not watched' }).waitFor();
  page.verify();
});
