// Every page in every state worth looking at: for the accessibility tests and the pictures.

const hearts = (page) => page.getByText('Live', { exact: true }).waitFor();

/** `open` gets a page that shows the monitor's home and brings it to the state. */
export const PAGES = [
  { name: 'home', path: '/', open: (page) => page.getByRole('article').first().waitFor() },
  {
    name: 'add',
    path: '/?dialog=add',
    open: (page) => page.getByRole('dialog').getByLabel('Address').waitFor(),
  },
  {
    name: 'miner',
    path: '/miners/1?range=1h',
    open: async (page) => {
      await page.getByRole('img', { name: /^Fan/ }).waitFor();
      await page.evaluate(() => document.fonts.ready);
    },
  },
  {
    name: 'explain',
    path: '/miners/1?range=1h',
    open: async (page) => {
      await page.getByRole('img', { name: /^Fan/ }).waitFor();
      await page.getByRole('button', { name: /^Best difficulty \d/ }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'menu',
    path: '/miners/1?range=1h',
    open: async (page) => {
      await page.getByRole('button', { name: 'More actions' }).click();
      await page.getByRole('menuitem').first().waitFor();
    },
  },
  {
    name: 'raw',
    path: '/miners/1?range=1h',
    open: async (page) => {
      await page.getByRole('img', { name: /^Fan/ }).waitFor();
      await page.getByRole('button', { name: 'Show its raw answer' }).click();
      await page.getByRole('region', { name: /^Raw answer/ }).waitFor();
    },
  },
  {
    name: 'mute',
    path: '/miners/1?range=1h',
    open: async (page) => {
      await page.getByRole('button', { name: 'Mute', exact: true }).click();
      await page.getByRole('menuitem').first().waitFor();
    },
  },
  {
    name: 'rename',
    path: '/miners/1?dialog=rename',
    open: (page) => page.getByRole('dialog').waitFor(),
  },
  {
    name: 'remove',
    path: '/miners/1?dialog=remove',
    open: (page) => page.getByRole('dialog').waitFor(),
  },
  { name: 'trouble', path: '/miners/2', open: (page) => page.getByRole('img', { name: /^Power/ }).waitFor() },
  { name: 'wall', path: '/wall', open: (page) => page.getByRole('listitem').nth(2).waitFor() },
  {
    name: 'keys',
    path: '/',
    open: async (page) => {
      await page.getByRole('article').first().waitFor();
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'What the keys do' }).waitFor();
    },
  },
  {
    name: 'alerts',
    path: '/alerts',
    open: (page) => page.getByRole('link', { name: /^Garage: / }).first().waitFor(),
  },
  {
    name: 'alert',
    path: '/alerts',
    open: async (page) => {
      await page.getByRole('link', { name: /^Garage: / }).first().click();
      await page.getByRole('img', { name: /^Fan/ }).waitFor();
    },
  },
  {
    name: 'rules',
    path: '/alerts/rules',
    open: async (page) => {
      await page.getByRole('button', { name: 'Tune' }).nth(1).click();
      await page.getByRole('button', { name: 'Save' }).waitFor();
    },
  },
  {
    name: 'rule-preview',
    path: '/alerts/rules?miner=1',
    open: async (page) => {
      await page.getByRole('button', { name: 'Tune' }).nth(1).click();
      await page.getByLabel('Limit °C').fill('30');
      await page.getByText(/would have fired/).waitFor();
    },
  },
  {
    name: 'settings',
    path: '/settings',
    open: async (page) => {
      await page.getByLabel('Price of a kilowatt-hour').fill('0.30');
      await page.getByText('Readings are kept').waitFor();
    },
  },
  { name: 'guide', path: '/welcome', open: (page) => page.getByRole('button', { name: /^Find my/ }).waitFor() },
  ...['find', 'address', 'meet', 'telegram', 'electricity', 'done'].map((step) => ({
    name: `guide-${step}`,
    path: `/welcome?step=${step}`,
    open: (page) => page.getByRole('main').locator('input, button, a[href="/"]').first().waitFor(),
  })),
  { name: 'learn', path: '/learn', open: (page) => page.getByRole('heading', { name: 'The payout' }).waitFor() },
  { name: 'odds', path: '/learn/odds', open: (page) => page.getByRole('slider').waitFor() },
  { name: 'records', path: '/learn/records', open: (page) => page.getByRole('heading', { name: 'Thriftiest day' }).waitFor() },
  { name: 'costs', path: '/learn/costs', open: (page) => page.getByRole('heading', { name: 'What it heats' }).waitFor() },
  { name: 'glossary', path: '/learn/glossary#share', open: (page) => page.getByText('Wi-Fi signal (RSSI)', { exact: true }).waitFor() },
  {
    name: 'channels',
    path: '/alerts/channels',
    open: (page) => page.getByRole('heading', { name: /^Phone of Anna/ }).waitFor(),
  },
  {
    name: 'channel-kinds',
    path: '/alerts/channels?add',
    open: (page) => page.getByRole('button', { name: /^ntfy/ }).waitFor(),
  },
  {
    name: 'channel-form',
    path: '/alerts/channels?add=email',
    open: async (page) => {
      await page.getByRole('switch', { name: /^Quiet hours/ }).check({ force: true });
      await page.getByRole('radio', { name: 'Only some' }).check({ force: true });
      await page.getByRole('button', { name: 'Add and test' }).click();
      await page.getByText('Choose at least one miner').waitFor();
    },
  },
  {
    name: 'link-telegram',
    path: '/alerts/channels?add=telegram',
    open: async (page) => {
      await page.getByRole('button', { name: 'Make a code' }).click();
      await page.getByRole('img', { name: /^QR code/ }).waitFor();
    },
  },
  { name: 'not-watched', path: '/miners/999', open: (page) => page.getByText('not watched').first().waitFor() },
  { name: 'not-found', path: '/nothing', open: hearts },
];

export const WELCOME = {
  name: 'welcome',
  path: '/',
  open: (page) => page.getByRole('button', { name: 'Try the demo' }).waitFor(),
};

export async function openAt(page, monitor, { path, open }) {
  await page.goto(monitor.url + path);
  await open(page);
}
