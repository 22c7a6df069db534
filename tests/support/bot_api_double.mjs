// A double of the Telegram Bot API for end-to-end tests: an HTTP server on a
// loopback port that behaves as core.telegram.org/bots/api describes for the few
// methods the monitor uses, records what was sent, and fails when told to.
//
//   const telegram = await BotApiDouble.start({ token: '1:abc' });
//   telegram.write('/status', { chatId: 42 });      // someone writes to the bot
//   telegram.press(message, 'Acknowledge');          // ... and presses a button below a message
//   await telegram.message((m) => m.text.includes('fine'));
//   telegram.script('sendMessage', { status: 429, retryAfter: 1 });
//   await telegram.stop();                           // Telegram is away
//   await telegram.listen();                         // and back, on the same port
import { once } from 'node:events';
import http from 'node:http';

const BOT_NAME = 'GarageBot';
const BODY_LIMIT = 1024 * 1024;
const CAPTION_LIMIT = 1024;
const TEXT_LIMIT = 4096; // UTF-16 units, which is what length counts in JavaScript

export class BotApiDouble {
  #server = null;
  #port = 0;
  #updates = []; // not confirmed yet
  #nextUpdateId = 1000;
  #poll = null; // the long poll that waits
  #scripted = new Map(); // method -> answers to give instead
  #watchers = new Set();

  constructor({ token }) {
    this.token = token;
    this.sent = []; // {at, chatId, text, messageId, buttons, photo}; text is that of the last edit
    this.toasts = []; // answers to pressed buttons: {press, text}
    this.calls = []; // {at, method, body, status}
    this.commands = [];
    this.webhook = null; // {url, secret_token}
  }

  static async start(options) {
    const double = new BotApiDouble(options);
    await double.listen();
    return double;
  }

  get url() {
    return `http://127.0.0.1:${this.#port}`;
  }

  async listen() {
    this.#server = http.createServer((request, response) => this.#receive(request, response));
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = this.#server.address().port;
  }

  /** Breaks every connection and refuses new ones until listen(). */
  async stop() {
    const server = this.#server;
    this.#endPoll(null);
    this.#server = null;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }

  /**
   * The next call of the method (not spoken for yet) fails: {status, description,
   * retryAfter}, {drop: true} breaks its connection, {hang: true} never answers.
   */
  script(method, ...failures) {
    const queue = this.#scripted.get(method) ?? [];
    this.#scripted.set(method, [...queue, ...failures]);
  }

  /** Someone writes to the bot. Returns the update's number. */
  write(text, { chatId, type = 'private', username, name } = {}) {
    return this.#happens({
      message: {
        message_id: this.#nextUpdateId,
        date: Math.floor(Date.now() / 1000),
        chat: {
          id: chatId,
          type,
          ...(username ? { username } : {}),
          ...(name ? { first_name: name } : {}),
        },
        from: { id: 5, is_bot: false, first_name: name ?? 'Test' },
        text,
      },
    });
  }

  /** Someone presses the button of that label below a message that was sent. */
  press(message, label, { name = 'Test' } = {}) {
    const button = message.buttons.find((one) => one.text.includes(label));
    if (!button) throw new Error(`no ${label} in ${JSON.stringify(message.buttons)}`);
    const press = `press-${this.#nextUpdateId}`;
    this.#happens({
      callback_query: {
        id: press,
        from: { id: 5, is_bot: false, first_name: name },
        message: {
          message_id: message.messageId,
          date: Math.floor(Date.now() / 1000),
          chat: { id: Number(message.chatId), type: 'private' },
        },
        chat_instance: '1',
        data: button.callback_data,
      },
    });
    return this.#watch(
      () => this.toasts.find((toast) => toast.press === press),
      30_000,
      () => `the button ${label} was not answered`,
    );
  }

  /** Waits until a message that was sent satisfies the condition. */
  untilMessage(message, condition, deadlineMs = 30_000) {
    const now = () => this.sent.find((one) => one.messageId === message.messageId);
    return this.#watch(
      () => (condition(now()) ? now() : undefined),
      deadlineMs,
      () => `still: ${JSON.stringify(now())}`,
    );
  }

  /** The first message that satisfies the condition, now or later; an error after `deadlineMs`. */
  message(condition, deadlineMs = 30_000) {
    return this.#watch(() => this.sent.find(condition), deadlineMs, () =>
      `no such message; sent so far:\n${this.sent.map((m) => m.text).join('\n---\n')}`);
  }

  /** Waits until the method was called `count` times in all. */
  called(method, count = 1, deadlineMs = 30_000) {
    const matching = () => this.calls.filter((call) => call.method === method);
    return this.#watch(
      () => (matching().length >= count ? matching() : undefined),
      deadlineMs,
      () => `${method} was called ${matching().length} times, not ${count}`,
    );
  }

  /** How many updates nobody has confirmed yet. */
  get unconfirmed() {
    return this.#updates.length;
  }

  // --- inside ---

  #happens(content) {
    const update = { update_id: this.#nextUpdateId++, ...content };
    this.#updates.push(update);
    this.#endPoll();
    return update.update_id;
  }

  #watch(look, deadlineMs, explain) {
    return new Promise((resolve, reject) => {
      const watcher = () => {
        const found = look();
        if (found === undefined) return;
        clearTimeout(timer);
        this.#watchers.delete(watcher);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.#watchers.delete(watcher);
        reject(new Error(explain()));
      }, deadlineMs);
      this.#watchers.add(watcher);
      watcher();
    });
  }

  #noticed() {
    for (const watcher of [...this.#watchers]) watcher();
  }

  async #receive(request, response) {
    const chunks = [];
    let length = 0;
    for await (const chunk of request) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > BODY_LIMIT) return request.destroy();
    }
    const [, token, method] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url) ?? [];
    const body = await readBody(request.headers['content-type'], Buffer.concat(chunks));
    const call = { at: Date.now(), method, body, status: 0 };
    this.calls.push(call);
    const answer = (status, content) => {
      call.status = status;
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(content));
    };
    this.#answer(token, method, body, answer, response);
    this.#noticed();
  }

  #answer(token, method, body, answer, response) {
    const refuse = (status, description, parameters) =>
      answer(status, { ok: false, error_code: status, description, ...(parameters && { parameters }) });
    if (token !== this.token) return refuse(401, 'Unauthorized');
    const failure = this.#scripted.get(method)?.shift();
    if (failure) return this.#fail(failure, refuse, response);
    const succeed = (result) => answer(200, { ok: true, result });
    switch (method) {
      case 'getMe':
        return succeed({ id: 12345, is_bot: true, first_name: 'Garage', username: BOT_NAME });
      case 'sendMessage':
        return this.#sendMessage(body, succeed, refuse);
      case 'sendPhoto':
        return this.#sendPhoto(body, succeed, refuse);
      case 'editMessageText':
      case 'editMessageReplyMarkup':
        return this.#edit(body, succeed, refuse);
      case 'answerCallbackQuery':
        this.toasts.push({ press: body.callback_query_id, text: body.text ?? '' });
        return succeed(true);
      case 'getUpdates':
        return this.#getUpdates(body, succeed, refuse, response);
      case 'setMyCommands':
        this.commands = body.commands;
        return succeed(true);
      case 'setWebhook':
        this.webhook = body;
        return succeed(true);
      case 'deleteWebhook':
        this.webhook = null;
        return succeed(true);
      default:
        return refuse(404, 'Not Found: method not found');
    }
  }

  #fail(failure, refuse, response) {
    if (failure.hang) return;
    if (failure.drop) {
      response.destroy();
      return;
    }
    refuse(
      failure.status,
      failure.description ?? `scripted ${failure.status}`,
      failure.retryAfter === undefined ? undefined : { retry_after: failure.retryAfter },
    );
  }

  #sendMessage(body, succeed, refuse) {
    if (body.chat_id === undefined) return refuse(400, 'Bad Request: chat_id is empty');
    if (!body.text) return refuse(400, 'Bad Request: message text is empty');
    if (body.text.length > TEXT_LIMIT) return refuse(400, 'Bad Request: message is too long');
    return succeed(this.#keep(body, body.text));
  }

  #sendPhoto(body, succeed, refuse) {
    if (body.chat_id === undefined) return refuse(400, 'Bad Request: chat_id is empty');
    if (!Buffer.isBuffer(body.photo)) return refuse(400, 'Bad Request: there is no photo in the request');
    if ((body.caption ?? '').length > CAPTION_LIMIT)
      return refuse(400, 'Bad Request: message caption is too long');
    return succeed(this.#keep(body, body.caption ?? ''));
  }

  #keep(body, text) {
    const messageId = this.sent.length + 1;
    this.sent.push({
      at: Date.now(),
      chatId: String(body.chat_id),
      text,
      messageId,
      buttons: buttonsOf(body),
      ...(body.photo ? { photo: body.photo } : {}),
    });
    return {
      message_id: messageId,
      date: Math.floor(Date.now() / 1000),
      chat: { id: Number(body.chat_id), type: 'private' },
      text,
    };
  }

  #edit(body, succeed, refuse) {
    const message = this.sent.find((one) => one.messageId === body.message_id);
    if (!message) return refuse(400, 'Bad Request: message to edit not found');
    const text = body.text ?? message.text;
    const buttons = buttonsOf(body);
    if (text === message.text && JSON.stringify(buttons) === JSON.stringify(message.buttons))
      return refuse(400, 'Bad Request: message is not modified');
    Object.assign(message, { text, buttons });
    return succeed({ message_id: message.messageId, text });
  }

  #getUpdates({ offset = 0, limit = 100, timeout = 0 }, succeed, refuse, response) {
    if (this.webhook?.url)
      return refuse(409, "Conflict: can't use getUpdates method while webhook is active");
    this.#poll?.conflict();
    this.#updates = this.#updates.filter((update) => update.update_id >= offset);
    const give = () => succeed(this.#updates.slice(0, limit));
    if (this.#updates.length > 0 || timeout === 0) return give();
    const poll = {
      give,
      conflict: () => {
        this.#forget(poll);
        refuse(409, 'Conflict: terminated by other getUpdates request');
      },
      timer: setTimeout(() => this.#endPoll(), timeout * 1000),
    };
    this.#poll = poll;
    response.on('close', () => this.#forget(poll));
  }

  #forget(poll) {
    clearTimeout(poll.timer);
    if (this.#poll === poll) this.#poll = null;
  }

  #endPoll(how = (poll) => poll.give()) {
    const poll = this.#poll;
    if (!poll) return;
    this.#forget(poll);
    how?.(poll);
  }
}

/** JSON, or a form with files (whose values are Buffers). */
async function readBody(type = '', bytes) {
  if (!type.startsWith('multipart/form-data')) return bytes.length > 0 ? JSON.parse(bytes) : {};
  const form = await new Response(bytes, { headers: { 'Content-Type': type } }).formData();
  const body = {};
  for (const [name, value] of form)
    body[name] = typeof value === 'string' ? value : Buffer.from(await value.arrayBuffer());
  return body;
}

const buttonsOf = (body) => {
  const { reply_markup: markup } = body;
  return (typeof markup === 'string' ? JSON.parse(markup) : markup)?.inline_keyboard?.flat() ?? [];
};
