// A receiver of webhooks on a loopback port: keeps what was posted and fails when told to.
//
//   const hook = await WebhookReceiver.start();
//   hook.answers.push({ status: 429, headers: { 'retry-after': '60' } }, { drop: true });
//   hook.posts[0].body
//   await hook.stop();                               // nobody listens
//   await hook.listen();                             // and again, on the same port
import { once } from 'node:events';
import http from 'node:http';

export class WebhookReceiver {
  #server = null;
  #port = 0;
  posts = []; // {body, headers}
  answers = []; // given in order, then 204; {drop: true} breaks the connection

  static async start() {
    const receiver = new WebhookReceiver();
    await receiver.listen();
    return receiver;
  }

  get url() {
    return `http://127.0.0.1:${this.#port}/miners`;
  }

  async listen() {
    this.#server = http.createServer((request, response) => this.#take(request, response));
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = this.#server.address().port;
  }

  async stop() {
    if (this.#server === null) return;
    const closed = once(this.#server, 'close');
    this.#server.closeAllConnections();
    this.#server.close();
    this.#server = null;
    await closed;
  }

  async #take(request, response) {
    let body = '';
    for await (const chunk of request) body += chunk;
    this.posts.push({ body, headers: request.headers });
    const answer = this.answers.shift() ?? { status: 204 };
    if (answer.drop) return request.destroy();
    response.writeHead(answer.status, answer.headers ?? {});
    response.end(answer.text ?? '');
  }
}
