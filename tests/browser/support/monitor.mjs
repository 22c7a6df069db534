// The real monitor on a free port with a data folder of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { Program } from './program.mjs';
import { eventually } from './wait.mjs';

const web = path.resolve(import.meta.dirname, '../../../dashboard/dist');

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

export class Monitor {
  #program = null;
  #data = mkdtempSync(path.join(os.tmpdir(), 'bitaxe-browser-'));
  #args = [];

  #env = {};

  static async start({ demo = false, env = {} } = {}) {
    const monitor = new Monitor();
    monitor.#env = env;
    monitor.port = await freePort();
    monitor.url = `http://127.0.0.1:${monitor.port}`;
    monitor.#args = demo ? ['--demo'] : [];
    await monitor.resume();
    return monitor;
  }

  /** On the same port and data as before. */
  async resume() {
    const listen = ['--listen', `127.0.0.1:${this.port}`, '--data-dir', this.#data];
    this.#program = new Program(
      'bitaxe-monitor',
      ['serve', ...listen, '--web-dir', web, ...this.#args],
      { cwd: this.#data, env: { POLL_INTERVAL_SECONDS: '2', ...this.#env } },
    );
    await this.#program.line((line) => line.includes('is ready'));
  }

  async pause() {
    await this.#program.stop();
  }

  async get(route) {
    const response = await fetch(this.url + route);
    if (!response.ok) throw new Error(`${route}: ${response.status}`);
    return response.json();
  }

  post(route, body) {
    return this.#send('POST', route, body);
  }

  patch(route, body) {
    return this.#send('PATCH', route, body);
  }

  async #send(method, route, body) {
    const response = await fetch(this.url + route, {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${route}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  /** Watches every device of the simulator under the names given. */
  async watch(simulator, names) {
    for (const [index, name] of names.entries()) {
      await this.post('/api/v1/miners', { address: simulator.devices[index].address, name });
    }
    await eventually('all miners hash', async () => {
      const { items } = await this.get('/api/v1/miners');
      return items.every((miner) => miner.state === 'hashing');
    });
  }

  async stop() {
    await this.#program.stop();
    rmSync(this.#data, { recursive: true, force: true });
  }
}
