// `bitaxe-monitor health`, as a container's health check runs it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { runToEnd, Site } from '../support/programs.mjs';

test('health is well while the monitor answers, and ill once it is gone', async () => {
  const site = await Site.start();
  const listen = new URL(site.url).host;
  const everywhere = listen.replace('127.0.0.1', '0.0.0.0');

  const alive = await runToEnd('bitaxe-monitor', ['health'], { env: { LISTEN: everywhere } });
  await site.stop();
  const gone = await runToEnd('bitaxe-monitor', ['health', '--listen', listen]);

  assert.equal(alive.code, 0, alive.text);
  assert.equal(JSON.parse(alive.text).status, 'ok');
  assert.equal(gone.code, 1, gone.text);
  assert.match(gone.text, /does not answer/);
});
