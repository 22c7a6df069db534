// A program of ours as a child process: started, listened to, and ended by its own id.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import readline from 'node:readline';

const root = path.resolve(import.meta.dirname, '../../..');
const folder = process.env.BUILD_DIR ?? path.join(root, 'build');

export class Program {
  #child;
  #lines = [];

  /** `name` as in the build folder. Its output is read by lines; the last ones explain a failure. */
  constructor(name, args, { env = {}, cwd } = {}) {
    this.#child = spawn(path.join(folder, name), args, {
      cwd,
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      readline.createInterface({ input: stream }).on('line', (line) => {
        this.#lines.push(line);
        this.#child.emit('printed');
      });
    }
  }

  /** The first line for which `wanted` gives something; that is returned. */
  async line(wanted) {
    for (let next = 0; ; next++) {
      while (next >= this.#lines.length) {
        if (this.#child.exitCode !== null) throw new Error(`ended early:\n${this.output()}`);
        await Promise.race([once(this.#child, 'printed'), once(this.#child, 'exit')]);
      }
      const found = wanted(this.#lines[next]);
      if (found) return found;
    }
  }

  output() {
    return this.#lines.slice(-30).join('\n');
  }

  async stop() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}
