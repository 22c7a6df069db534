// The mail server of smtp_receiver.py, started and read.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

import { until } from './programs.mjs';

export class SmtpReceiver {
  letters = []; // {from, to, letter, tls, user}

  static async start(...args) {
    const receiver = new SmtpReceiver();
    const script = path.join(import.meta.dirname, 'smtp_receiver.py');
    receiver.process = spawn('/usr/bin/python3', [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: receiver.process.stdout }).on('line', (line) => {
      const value = JSON.parse(line);
      if (value.port) receiver.port = value.port;
      else receiver.letters.push(value);
    });
    await until(() => receiver.port, (port) => port > 0);
    return receiver;
  }

  /** The letter that satisfies the condition, its text decoded. */
  async letter(condition = () => true) {
    const found = await until(
      () => this.letters.map(read).find(condition),
      (letter) => letter !== undefined,
    );
    return found;
  }

  async stop() {
    this.process.stdin.end();
    await once(this.process, 'close');
  }
}

/** Headers by their lower-case names, and the text. */
function read(received) {
  const [head, body] = received.letter.split('\r\n\r\n');
  const headers = {};
  for (const line of head.replaceAll('\r\n ', ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 2);
  }
  return { ...received, headers, text: Buffer.from(body, 'base64').toString() };
}
