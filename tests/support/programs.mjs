// The real programs for end-to-end tests: started on free loopback ports with a
// data folder of their own, ended by process id, waited for by condition.
//
//   const site = await Site.start({ devices: ['--count', '2', '--firmware', '2.12'] });
//   const miner = await site.addMiner(0, 'Garage');
//   await site.break(0, 'hang');
//   await site.untilMiner(miner.id, (m) => m.state === 'unresponsive');
//   await site.stop();
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const root = path.resolve(import.meta.dirname, '../..');
const build = path.resolve(root, process.env.BUILD_DIR ?? 'build');
const DEADLINE_MS = 60_000; // generous: it only ends a test that hangs

/** Where a program of the build lies. */
export const programPath = (name) => path.join(build, name);

/** Starts a program; `ready` turns one of its output lines into a value, or undefined. */
export async function launch(name, args, { env = {}, cwd, ready }) {
  const child = spawn(path.resolve(build, name), args, {
    cwd,
    env: {
      PATH: process.env.PATH,
      UBSAN_OPTIONS: process.env.UBSAN_OPTIONS ?? '',
      ASAN_OPTIONS: process.env.ASAN_OPTIONS ?? '',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = [];
  const exited = once(child, 'exit');
  const kill = () => child.kill('SIGKILL'); // a test that fails leaves nothing behind
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const said = (what) => new Error(`${name} ${what}:\n${output.join('\n')}`);
  const value = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(said('did not start')), DEADLINE_MS);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(said(`ended (${code})`));
    });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        output.push(line);
        const found = ready(line);
        if (found === undefined) return;
        clearTimeout(timer);
        resolve(found);
      });
    }
  });
  return { child, output, value, exited };
}

/** Runs a program to its end; gives its exit code and everything it said. */
export async function runToEnd(name, args, { env = {}, cwd } = {}) {
  const child = spawn(path.join(build, name), args, {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pieces = [];
  child.stdout.on('data', (piece) => pieces.push(piece));
  child.stderr.on('data', (piece) => pieces.push(piece));
  const [code] = await once(child, 'close');
  return { code, text: Buffer.concat(pieces).toString() };
}

/** Ends a program with a signal and gives its exit code (null after a kill). */
export async function end(program, signal = 'SIGINT') {
  if (program.child.exitCode === null && program.child.signalCode === null) {
    program.child.kill(signal);
    await program.exited;
  }
  return program.child.exitCode;
}

/** Asks again until the answer satisfies; an error when the deadline passes. */
export async function until(ask, condition, deadlineMs = DEADLINE_MS) {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (condition(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`still: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const portOf = (line) => {
  const port = /open http:\/\/\S+?:(\d+)/.exec(line)?.[1];
  return port && `http://127.0.0.1:${port}`;
};

/** One monitor, its data folder and, when `devices` is given, a simulator. */
export class Site {
  static async start({ devices = null, env = {}, args = [], dataDir = null, cwd, program } = {}) {
    const site = new Site();
    site.program = program ?? 'bitaxe-monitor'; // or the path of a copy
    site.cwd = cwd;
    site.ownDir = dataDir === null;
    site.dataDir = dataDir ?? (await mkdtemp(path.join(tmpdir(), 'bitaxe-site-')));
    site.env = { HOME: site.dataDir, POLL_INTERVAL_SECONDS: '2', ...env };
    site.args = args;
    if (devices) await site.startDevices(devices);
    await site.startMonitor();
    return site;
  }

  async startDevices(args) {
    this.sim = await launch('bitaxe-sim', args, { ready: (line) => JSON.parse(line).control });
    this.addresses = this.sim.output
      .map((line) => JSON.parse(line))
      .filter((line) => line.address)
      .map((line) => line.address);
  }

  async startMonitor(env = {}) {
    const args = ['serve', '--listen', '127.0.0.1:0', '--data-dir', this.dataDir, ...this.args];
    const options = { env: { ...this.env, ...env }, cwd: this.cwd, ready: portOf };
    this.monitor = await launch(this.program, args, options);
    this.url = this.monitor.value;
    this.api = `${this.url}/api/v1`;
  }

  get log() {
    return this.monitor.output.join('\n');
  }

  async stopMonitor() {
    const code = await end(this.monitor);
    assert.equal(code, 0, `the monitor ended with ${code}:\n${this.log}`);
  }

  async killMonitor() {
    await end(this.monitor, 'SIGKILL');
  }

  async stop() {
    await this.stopMonitor();
    if (this.sim) assert.equal(await end(this.sim), 0, this.sim.output.join('\n'));
    if (this.ownDir) await rm(this.dataDir, { recursive: true, force: true });
  }

  /** Sends a request to the API; the body is JSON, the answer {status, body}. */
  async call(method, where, body) {
    const response = await fetch(`${this.api}${where}`, {
      method,
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  }

  async get(where) {
    const { status, body } = await this.call('GET', where);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }

  /** Adds the simulator's device and returns it as the API shows it. */
  async addMiner(device, name) {
    const answer = await this.call('POST', '/miners', { address: this.addresses[device], name });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body;
  }

  untilMiner(id, condition) {
    return until(() => this.get(`/miners/${id}`), condition);
  }

  async #control(method, where, body) {
    const response = await fetch(`${this.sim.value}${where}`, { method, body: JSON.stringify(body) });
    const text = await response.text();
    assert.ok(response.ok, text);
    return JSON.parse(text);
  }

  break(device, fault, value) {
    const body = value === undefined ? { fault } : { fault, value };
    return this.#control('POST', `/devices/${device}/fault`, body);
  }

  mend(device) {
    return this.#control('DELETE', `/devices/${device}/fault`);
  }

  /** Turns what can be turned on a simulated device: `{ pool_difficulty: 64 }`. */
  turn(device, values) {
    return this.#control('POST', `/devices/${device}/set`, values);
  }
}
