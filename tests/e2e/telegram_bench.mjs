// The programs a Telegram test needs: one simulated miner, the monitor, and the
// Bot API double, on free loopback ports, with a data folder that is removed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const root = path.resolve(import.meta.dirname, '../..');
const build = path.resolve(root, process.env.BUILD_DIR ?? 'build');
const START_DEADLINE_MS = 30_000;

export const CHAT = 4242;
export const TOKEN = '12345:e2e-secret-token';

/** Starts a program and waits for the first output line that `ready` makes something of. */
async function launch(name, args, env, ready) {
  const child = spawn(path.join(build, name), args, {
    env: { PATH: process.env.PATH, UBSAN_OPTIONS: process.env.UBSAN_OPTIONS ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = [];
  const found = new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`${name} did not start:\n${output.join('\n')}`)),
      START_DEADLINE_MS,
    );
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${name} ended (${code}):\n${output.join('\n')}`)));
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        output.push(line);
        const value = ready(line);
        if (value === undefined) return;
        clearTimeout(timer);
        resolve(value);
      });
    }
  });
  return { child, output, value: await found };
}

/** Ends a program as Ctrl-C does; it must end cleanly. */
async function end(program) {
  if (program.child.exitCode === null) {
    const exited = once(program.child, 'exit');
    program.child.kill('SIGINT');
    await exited;
  }
  return program.child.exitCode;
}

export class TelegramBench {
  #sim = null;
  #monitor = null;
  #dataDir = null;
  #env = {};

  /** `telegramUrl`: where the monitor finds its Bot API. */
  static async start(telegramUrl, env = {}) {
    const bench = new TelegramBench();
    bench.#dataDir = await mkdtemp(path.join(tmpdir(), 'bitaxe-telegram-'));
    bench.#env = {
      POLL_INTERVAL_SECONDS: '2',
      TELEGRAM_API_BASE: telegramUrl,
      TELEGRAM_BOT_TOKEN: TOKEN,
      TELEGRAM_CHAT_ID: String(CHAT),
      TEMP_THRESHOLD_CORE_C: '68',
      ALERT_COOLDOWN_MINUTES: '0',
      ...env,
    };
    bench.#sim = await launch(
      'bitaxe-sim',
      ['--count', '1', '--model', 'gamma', '--speed', '10'],
      {},
      (line) => JSON.parse(line).control,
    );
    await bench.startMonitor();
    return bench;
  }

  get dataDir() {
    return this.#dataDir;
  }

  /** Everything the monitor has logged in its present run. */
  get log() {
    return this.#monitor.output.join('\n');
  }

  async startMonitor() {
    const args = ['serve', '--listen', '127.0.0.1:0', '--data-dir', this.#dataDir];
    this.#monitor = await launch('bitaxe-monitor', args, this.#env, (line) => {
      const port = /open http:\/\/[^:]+:(\d+)/.exec(line)?.[1];
      return port && `http://127.0.0.1:${port}/api/v1`;
    });
  }

  /** Ctrl-C; a clean end is part of every test. */
  async stopMonitor() {
    const code = await end(this.#monitor);
    assert.equal(code, 0, `the monitor ended with ${code}:\n${this.log}`);
  }

  /** Adds the simulated miner and returns it as the API shows it. */
  async addMiner(name) {
    const devices = await (await fetch(`${this.#sim.value}/devices`)).json();
    const address = (devices.items ?? devices)[0].address;
    const response = await fetch(`${this.#monitor.value}/miners`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ address, name }),
    });
    const miner = await response.json();
    assert.equal(response.status, 201, JSON.stringify(miner));
    return miner;
  }

  async health() {
    return (await fetch(`${this.#monitor.value}/health`)).json();
  }

  /** Breaks the miner, or mends it when no fault is named. */
  async breakMiner(fault, value) {
    const body = JSON.stringify({ fault, ...(value === undefined ? {} : { value }) });
    const response = await fetch(`${this.#sim.value}/devices/0/fault`, { method: 'POST', body });
    assert.ok(response.ok, await response.text());
  }

  async mendMiner() {
    const response = await fetch(`${this.#sim.value}/devices/0/fault`, { method: 'DELETE' });
    assert.ok(response.ok, await response.text());
  }

  /** Sends an update to the webhook route, as Telegram would. */
  postUpdate(update, secret) {
    return fetch(`${this.#monitor.value}/telegram/webhook`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(secret ? { 'X-Telegram-Bot-Api-Secret-Token': secret } : {}),
      },
      body: JSON.stringify(update),
    });
  }

  async stop() {
    const codes = [];
    for (const program of [this.#monitor, this.#sim]) if (program) codes.push(await end(program));
    await rm(this.#dataDir, { recursive: true, force: true });
    assert.deepEqual(codes.filter((code) => code !== 0), [], this.#monitor?.output.join('\n'));
  }
}

/** Asks again until the answer satisfies; an error when the deadline passes. */
export async function until(ask, condition, deadlineMs = 30_000) {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (condition(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`still: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
