// How heavy and how quick the page is.
//
//   bench/page               what is marked below; BUILD names the folder of the programs
//   bench/page --lighthouse  Lighthouse as well (npm's `lighthouse`, installed into a temporary folder)
//
//   weight      compressed JavaScript of the home page                         goal 120 KB
//   chart       24 h at full resolution, three lines: from its data to a drawn
//               chart that answers a key                                       goal 200 ms
//   home        processor time of Chromium's renderer while 1,000 miners are
//               shown and each is read every 10 s                              goal 30 % of a core
//   lighthouse  performance, accessibility, best practices on its throttled
//               phone, first content                                           goals 95, 1.5 s
//
// The last is not compared with a peer: it is a scale of its own. Ends what it started.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const root = path.resolve(import.meta.dirname, '..');
const build = path.resolve(root, process.env.BUILD ?? 'build');
const { chromium } = createRequire(path.join(root, 'tests/package.json'))('playwright-core');
const dist = path.join(root, 'dashboard/dist');
const PORT = Number(process.env.PORT ?? 18090);
const scratch = mkdtempSync(path.join(os.tmpdir(), 'bitaxe-page-'));
const children = [];

function report(what, value, unit, goal) {
  const met = value <= goal ? 'met' : 'MISSED';
  console.log(`${what.padEnd(34)} ${value.toFixed(1).padStart(8)} ${unit.padEnd(4)} goal ${goal} ${unit}: ${met}`);
}

function run(program, args, env = {}) {
  const child = spawn(path.join(build, program), args, {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  children.push(child);
  return child;
}

async function lines(child, enough) {
  let text = '';
  child.stdout.setEncoding('utf8');
  for await (const chunk of child.stdout) {
    text += chunk;
    if (enough(text)) break;
  }
  return text;
}

async function ready(url) {
  for (let i = 0; i < 300; i++) {
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // not yet
    }
    await pause(100);
  }
  throw new Error(`${url} does not answer`);
}

function weight() {
  const html = readFileSync(path.join(dist, 'index.html'), 'utf8');
  const scripts = [...html.matchAll(/(?:src|href)="(\/[^"]+\.js)"/g)].map(([, name]) => name);
  const bytes = scripts.reduce((sum, name) => {
    const packed = statSync(path.join(dist, `${name}.gz`), { throwIfNoEntry: false });
    return sum + (packed ?? statSync(path.join(dist, name))).size;
  }, 0);
  report('weight: JavaScript, gzip', bytes / 1024, 'KB', 120);
}

/** A day of one miner, every 10 s, as the monitor answers it. */
function aDay() {
  const to = Date.now();
  const from = to - 24 * 3600 * 1000;
  const count = 8640;
  const noise = (mean, spread) => Array.from({ length: count }, () => mean + spread * (Math.random() - 0.5));
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    resolution: 'sample',
    reduced: false,
    columns: ['at_ms', 'hashrate_ghs', 'expected_hashrate_ghs', 'chip_temp_c', 'vr_temp_c'],
    data: [
      Array.from({ length: count }, (_, i) => from + i * 10_000),
      noise(1050, 200),
      noise(1071, 0),
      noise(60, 2),
      noise(66, 2),
    ],
    gaps: [],
  };
}

/** From the data's arrival in the page until a key on the drawn chart has moved it. */
async function chart(browser, url) {
  const page = await browser.newPage();
  const day = JSON.stringify(aDay());
  await page.route('**/api/v1/miners/*/history?*', (route) =>
    route.fulfill({ contentType: 'application/json', body: day }),
  );
  await page.addInitScript(() => {
    const real = window.fetch;
    window.fetch = async (...args) => {
      const answer = await real(...args);
      if (!String(args[0]).includes('/history')) return answer;
      const text = await answer.text();
      window.dataAt ??= performance.now();
      return new Response(text, { status: answer.status, headers: answer.headers });
    };
    new MutationObserver(() => {
      if (window.drawnAt === undefined && document.querySelectorAll('canvas').length >= 2)
        requestAnimationFrame(() => (window.drawnAt = performance.now()));
    }).observe(document, { childList: true, subtree: true });
  });
  const taken = [];
  for (let round = 0; round < 5; round++) {
    await page.goto(`${url}/miners/1?range=24h`);
    await page.waitForFunction(() => window.drawnAt !== undefined);
    taken.push(await page.evaluate(() => window.drawnAt - window.dataAt));
  }
  await page.close();
  taken.sort((a, b) => a - b);
  report('chart: data to drawn, middle of 5', taken[2], 'ms', 200);
}

/** Processor seconds of all processes below `pid`. */
function cpuSeconds(pid) {
  const ticks = Number(execFileSync('getconf', ['CLK_TCK']));
  const parents = new Map();
  const used = new Map();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      parents.set(Number(name), Number(fields[1]));
      used.set(Number(name), (Number(fields[11]) + Number(fields[12])) / ticks);
    } catch {
      // It has ended meanwhile.
    }
  }
  const isBelow = (id) => id === pid || (parents.get(id) > 1 && isBelow(parents.get(id)));
  return [...used].reduce((sum, [id, seconds]) => sum + (isBelow(id) ? seconds : 0), 0);
}

async function home(browser, pid, url, seconds) {
  const page = await browser.newPage();
  await page.goto(url);
  await page.getByRole('article').first().waitFor();
  await pause(10_000);
  const before = cpuSeconds(pid);
  await pause(seconds * 1000);
  const share = ((cpuSeconds(pid) - before) / seconds) * 100;
  await page.close();
  report('home: 1,000 miners, of one core', share, '%', 30);
}

function lighthouse(url) {
  execFileSync('npm', ['install', '--prefix', scratch, '--no-audit', '--no-fund', 'lighthouse'], { stdio: 'ignore' });
  const out = path.join(scratch, 'report.json');
  const args = ['--quiet', '--output=json', `--output-path=${out}`, '--chrome-flags=--headless=new --no-sandbox --disable-gpu'];
  const env = { ...process.env, CHROME_PATH: '/usr/bin/chromium' };
  for (const where of ['/', '/miners/1', '/alerts']) {
    const only = '--only-categories=performance,accessibility,best-practices';
    execFileSync(path.join(scratch, 'node_modules/.bin/lighthouse'), [url + where, only, ...args], { env, stdio: 'ignore' });
    const { categories, audits } = JSON.parse(readFileSync(out, 'utf8'));
    const scores = Object.values(categories).map((one) => `${one.title} ${Math.round(one.score * 100)}`);
    const first = audits['first-contentful-paint'].numericValue / 1000;
    console.log(`lighthouse ${where.padEnd(10)} ${scores.join(', ')}; first content ${first.toFixed(2)} s (goals 95, 1.5 s)`);
  }
}

async function watched(count) {
  const simulator = run('bitaxe-sim', ['--count', String(count)]);
  const told = await lines(simulator, (text) => text.includes('"control"'));
  simulator.stdout.resume();
  const addresses = told.split('\n').flatMap((line) => {
    const address = line.startsWith('{') ? JSON.parse(line).address : undefined;
    return address ? [address] : [];
  });
  const data = path.join(scratch, 'data');
  run('bitaxe-monitor', ['serve', '--listen', `127.0.0.1:${PORT}`, '--data-dir', data, '--web-dir', dist]);
  const url = `http://127.0.0.1:${PORT}`;
  await ready(`${url}/api/v1/health`);
  for (const [i, address] of addresses.entries()) {
    const body = JSON.stringify({ address, name: `Miner ${i + 1}`, verify: false });
    await fetch(`${url}/api/v1/miners`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
  }
  return url;
}

/** A monitor with three simulated miners. */
async function demo() {
  const data = path.join(scratch, 'demo');
  run('bitaxe-monitor', ['serve', '--demo', '--listen', `127.0.0.1:${PORT + 1}`, '--data-dir', data, '--web-dir', dist]);
  const url = `http://127.0.0.1:${PORT + 1}`;
  await ready(`${url}/api/v1/health`);
  await pause(15_000); // some readings of each
  return url;
}

async function main() {
  weight();
  const url = await watched(1000);
  const server = await chromium.launchServer({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  });
  const browser = await chromium.connect(server.wsEndpoint());
  try {
    await chart(browser, url);
    await home(browser, server.process().pid, url, 30);
  } finally {
    await browser.close();
    await server.close();
  }
  if (process.argv.includes('--lighthouse')) {
    for (const child of children) child.kill(); // a home has a few miners, and the machine to itself
    lighthouse(await demo());
  }
}

try {
  await main();
} finally {
  for (const child of children) child.kill();
  rmSync(scratch, { recursive: true, force: true });
}
