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

  /** The letter that satisfies the condition, its parts decoded. */
  async letter(condition = () => true) {
    const found = await until(
      () => this.letters.map(read).find(condition),
      (letter) => letter !== undefined,
    );
    return found;
  }

  /** The texts of all letters, decoded. */
  get texts() {
    return this.letters.map((letter) => read(letter).text);
  }

  async stop() {
    this.process.stdin.end();
    await once(this.process, 'close');
  }
}

/** Headers by their lower-case names, and the bytes below them, all in base64. */
function readPart(text) {
  const [head, ...body] = text.split('\r\n\r\n');
  const headers = {};
  for (const line of head.replaceAll('\r\n ', ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 2);
  }
  return { headers, body: body.join('\r\n\r\n') };
}

/** The headers, the text, and the picture when the letter has several parts. */
function read(received) {
  const { headers, body } = readPart(received.letter);
  const boundary = /boundary="([^"]+)"/.exec(headers['content-type'])?.[1];
  if (boundary === undefined) return { ...received, headers, text: Buffer.from(body, 'base64').toString() };
  const parts = body.split(`--${boundary}\r\n`).slice(1).map(readPart);
  const part = (type) => parts.find((one) => one.headers['content-type'].startsWith(type));
  return {
    ...received,
    headers,
    text: Buffer.from(part('text/plain').body, 'base64').toString(),
    picture: Buffer.from(part('image/png').body.split('\r\n--')[0], 'base64'),
  };
}
