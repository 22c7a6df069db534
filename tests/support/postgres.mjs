// A PostgreSQL of the test's own: a new cluster in a temporary folder, reached through a
// socket in that folder only.
//
//   const server = await PostgresServer.start();   null where PostgreSQL is not installed
//   server.url                                     for DATABASE_URL
//   await server.crash(); await server.run();      gone at once, and back on the same data
//   server.freeze(); server.thaw();                there, but silent
//   server.hang(); server.thaw();                  greets, but its disk does not answer
//   await server.stop();
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { until } from './programs.mjs';

const VERSIONS = '/usr/lib/postgresql'; // Debian keeps the programs of each version apart

function findPrograms() {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS) : [];
  const folders = versions.map((version) => path.join(VERSIONS, version, 'bin'));
  return folders.filter((folder) => existsSync(path.join(folder, 'initdb'))).at(-1);
}

/** PostgreSQL refuses to run as root: it then runs as its own user. */
function ownUser() {
  if (process.getuid() !== 0) return {};
  const number = (flag) => Number(execFileSync('id', [flag, 'postgres']));
  return { uid: number('-u'), gid: number('-g') };
}

export class PostgresServer {
  static async start() {
    const programs = findPrograms();
    if (!programs) return null;
    const server = new PostgresServer();
    server.programs = programs;
    server.user = ownUser();
    server.dir = await mkdtemp(path.join(tmpdir(), 'bitaxe-pg-'));
    if (server.user.uid) chownSync(server.dir, server.user.uid, server.user.gid);
    server.url = `postgresql:///postgres?host=${server.dir}&user=postgres`;
    server.data = path.join(server.dir, 'data');
    const options = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-locale'];
    execFileSync(path.join(programs, 'initdb'), ['-D', server.data, ...options], {
      ...server.user,
      cwd: server.dir,
      stdio: 'ignore',
    });
    await server.run();
    return server;
  }

  async run() {
    this.#spawn();
    await until(() => this.#answers(), (answers) => answers);
  }

  #spawn() {
    const settings = ['listen_addresses=', 'fsync=off', 'max_connections=20'];
    const args = ['-D', this.data, '-k', this.dir, ...settings.flatMap((text) => ['-c', text])];
    this.child = spawn(path.join(this.programs, 'postgres'), args, {
      ...this.user,
      cwd: this.dir,
      stdio: 'ignore',
    });
    this.gone = once(this.child, 'exit');
    const kill = () => this.child.kill('SIGQUIT'); // a test that fails leaves nothing behind
    process.once('exit', kill);
    this.child.once('exit', () => process.off('exit', kill));
  }

  #answers() {
    // It refuses to start while a process of the one before has still to end.
    if (this.child.exitCode !== null) this.#spawn();
    try {
      return this.query('SELECT 1') === '1';
    } catch {
      return false;
    }
  }

  /** What psql prints, without headings. */
  query(sql, database = 'postgres') {
    const args = ['-h', this.dir, '-U', 'postgres', '-AtX', '-c', sql, database];
    return execFileSync(path.join(this.programs, 'psql'), args, { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  }

  async #end(signal) {
    this.child.kill(signal);
    await this.gone;
  }

  /** Ends without a word to its clients. */
  crash() {
    return this.#end('SIGQUIT');
  }

  #signalChildren(signal) {
    const { pid } = this.child;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    for (const child of children.filter(Boolean)) process.kill(Number(child), signal);
  }

  #signalAll(signal) {
    this.child.kill(signal); // first: it makes no more of them
    this.#signalChildren(signal);
  }

  /** Those that work now stop where they are; whoever comes anew finds the door open. */
  hang() {
    this.#signalChildren('SIGSTOP');
  }

  /** All its processes stop where they are; the system goes on to answer in its name. */
  freeze() {
    this.#signalAll('SIGSTOP');
  }

  thaw() {
    this.#signalAll('SIGCONT');
  }

  async stop() {
    await this.#end('SIGINT');
    await rm(this.dir, { recursive: true, force: true });
  }
}
