// What the monitor really answers is what api/openapi.yaml promises, for every
// operation in it, successes and refusals.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startMonitor, until } from "./monitor.mjs";
import { BotApiDouble } from "../support/bot_api_double.mjs";
import { Contract } from "./schemas.mjs";

const SECRET = "a-webhook-secret";
const TOKEN = "12345:contract";
let monitor, contract, telegram;

before(async () => {
  telegram = await BotApiDouble.start({ token: TOKEN });
  monitor = await startMonitor({
    args: ["--demo"],
    env: { POLL_INTERVAL_SECONDS: "2", TELEGRAM_WEBHOOK_SECRET: SECRET, TELEGRAM_API_BASE: telegram.url },
  });
  contract = new Contract(await (await fetch(`${monitor.url}/openapi.json`)).json());
  await until("three miners that hash", async () => {
    const fleet = await (await fetch(`${monitor.url}/api/v1/fleet`)).json();
    return fleet.hashing === 3;
  });
});

after(async () => {
  await monitor?.stop();
  await telegram.stop();
});

/** Asks, holds the answer to the contract, and gives it back. */
async function ask(method, target, { json, headers = {}, text } = {}) {
  const body = json === undefined ? text : JSON.stringify(json);
  const type = json === undefined ? {} : { "content-type": "application/json" };
  const response = await fetch(monitor.url + target, {
    method,
    body,
    headers: { ...type, ...headers },
  });
  const copy = response.clone();
  const path = new URL(target, monitor.url).pathname;
  const faults = await contract.faultsOfAnswer(method, path, response);
  assert.equal(faults, "", `${method} ${target} -> ${response.status}`);
  return copy;
}

const get = async (target) => (await ask("GET", target)).json();

test("reading every resource gives what its schema says", async () => {
  const { items, next } = await get("/api/v1/miners");
  assert.equal(items.length, 3);
  assert.equal(next, null);
  const id = items[0].id;

  for (const target of [
    "/api/v1/health",
    "/api/v1/storage",
    `/api/v1/miners/${id}`,
    `/api/v1/miners/${id}/samples`,
    `/api/v1/miners/${id}/samples?format=columns&points=10`,
    `/api/v1/miners/${id}/samples?from=2001-01-01T00:00:00Z&format=columns`,
    `/api/v1/miners/${id}/history`,
    `/api/v1/miners/${id}/history?from=2001-01-01T00:00:00Z&points=2&metrics=power_w`,
    "/api/v1/fleet",
    "/api/v1/fleet/history",
    "/api/v1/fleet/history?from=2001-01-01T00:00:00Z&points=2",
    "/api/v1/summary",
    "/api/v1/alerts",
    "/api/v1/alerts/episodes",
    "/api/v1/alerts/episodes?state=open&rule=offline",
    "/api/v1/mutes",
    "/api/v1/channels",
    "/api/v1/channels/kinds",
    "/api/v1/rules",
    `/api/v1/miners/${id}/rules`,
    "/api/v1/drill",
    "/openapi.json",
    "/api/v1/telegram",
    "/api/v1/odds",
    `/api/v1/odds?miner=${id}&hashrate_ghs=1200&network_difficulty=1.5e14`,
    "/api/v1/records",
    `/api/v1/records?miner=${id}`,
    "/api/v1/glossary",
    "/api/v1/settings",
    "/api/v1/rules/chip_temp/preview?days=1&limit=40&hold_s=0",
    "/api/v1/scan",
    "/api/v1/support",
    "/api/v1/glossary?language=xx",
    "/api/v1/telemetry/latest",
    "/api/v1/telemetry/last/3",
    "/api/v1/telemetry/last/1000",
    "/api/v1/telemetry/status",
    "/api/v1/telemetry/thresholds",
  ])
    assert.equal((await ask("GET", target)).status, 200, target);
  assert.equal((await ask("GET", "/docs")).status, 200);
});

test("settings are changed and refused", async () => {
  const change = (json) => ask("PATCH", "/api/v1/settings", { json });

  const changed = await change({ electricity_price_per_kwh: 0.3, currency: "EUR" });
  const kept = await ask("GET", "/api/v1/settings");
  const etag = { "if-none-match": kept.headers.get("etag") };

  assert.equal((await changed.json()).electricity_price_per_kwh, 0.3);
  assert.equal((await kept.json()).currency, "EUR");
  assert.equal((await ask("GET", "/api/v1/settings", { headers: etag })).status, 304);
  const payees = await change({ payout_addresses: ["bc1qowner", "bc1qother"] });
  assert.deepEqual((await payees.json()).payout_addresses, ["bc1qowner", "bc1qother"]);
  assert.deepEqual((await (await change({ payout_addresses: [] })).json()).payout_addresses, []);
  assert.equal((await change({ payout_addresses: ["two words"] })).status, 422);
  assert.equal((await change({ payout_addresses: "bc1qowner" })).status, 422);
  assert.equal((await change({ temperature_unit: "K" })).status, 422);
  assert.equal((await change({ colour: "red" })).status, 422);
  assert.equal((await ask("PATCH", "/api/v1/settings", { text: "{}" })).status, 415);
});

test("a search begins, is not begun twice, and ends", async () => {
  const begin = (json) => ask("POST", "/api/v1/scan", { json });

  const begun = await begin({ network: "127.99.0.0/22", port: 9 });
  assert.equal(begun.status, 202);
  assert.equal((await begun.json()).total, 1022);
  assert.equal((await begin({ network: "127.99.0.0/22", port: 9 })).status, 409);
  assert.equal((await ask("DELETE", "/api/v1/scan")).status, 204);
  await until("the search has ended", async () => (await get("/api/v1/scan")).ended_at !== null);

  assert.equal((await begin({ network: "8.8.8.0/24" })).status, 422);
  assert.equal((await begin({ network: "10.0.0.0/8" })).status, 422);
  assert.equal((await begin({ port: "x" })).status, 422);
  assert.equal((await ask("POST", "/api/v1/scan", { text: "{}" })).status, 415);
});

test("a channel is added, changed, tried and removed; its secret is never shown", async () => {
  const json = {
    kind: "ntfy",
    settings: { target: "garage", server: "http://127.0.0.1:9", token: "tk_very_secret" },
    quiet_hours: { from: "22:00", to: "07:00" },
    miners: [1, 2],
  };
  const added = await ask("POST", "/api/v1/channels", { json });
  assert.equal(added.status, 201);
  const channel = await added.json();
  const place = added.headers.get("location");
  assert.deepEqual(channel.secrets_set, ["token"]);
  assert.ok(!JSON.stringify(channel).includes("tk_very_secret"));
  assert.deepEqual(channel.quiet_hours, json.quiet_hours);

  const changed = await ask("PATCH", place, { json: { quiet_hours: null, name: "Phone" } });
  assert.equal(changed.status, 200);
  assert.deepEqual((await changed.json()).secrets_set, ["token"]);
  assert.equal((await ask("GET", place)).status, 200);

  const lettered = await ask("PATCH", place, { json: { letter: "weekly", letter_hour: 20 } });
  assert.equal((await lettered.json()).letter_hour, 20);
  assert.equal((await get(place)).letter, "weekly");
  assert.equal((await ask("PATCH", place, { json: { letter: "hourly" } })).status, 422);
  assert.equal((await ask("PATCH", place, { json: { letter_hour: 2 } })).status, 422);
  const tried = await (await ask("POST", `${place}/test`)).json();
  assert.equal(tried.delivered, false);
  assert.match(tried.answer, /ntfy refused the connection/);
  assert.equal((await get(place)).problem, tried.answer);
  const letter = await get(`${place}/letter`);
  assert.match(letter.text, /^\S+/);
  assert.equal((await ask("POST", `${place}/letter`)).status, 202);

  assert.equal((await ask("DELETE", place)).status, 204);
  assert.equal((await ask("GET", place)).status, 404);
  assert.equal((await ask("DELETE", place)).status, 404);
  assert.equal((await ask("POST", `${place}/test`)).status, 404);
});

test("a channel that is not right is refused with words", async () => {
  for (const [json, words] of [
    [{ kind: "pigeon" }, /kind/],
    [{ kind: "ntfy" }, /target/],
    [{ kind: "ntfy", settings: { target: "x", server: "ftp://x" } }, /server/],
    [{ kind: "ntfy", settings: { target: "x", feathers: "3" } }, /feathers/],
    [{ kind: "ntfy", settings: { target: "x" }, quiet_hours: { from: "25:00", to: "1" } }, /22:00/],
    [{ kind: "ntfy", settings: { target: "x" }, least_severity: "huge" }, /least_severity/],
    [{ kind: "ntfy", settings: { target: "x" }, miners: ["one"] }, /miners/],
    [{ kind: "ntfy", settings: { target: "x" }, role: "king" }, /role/],
  ]) {
    const answer = await ask("POST", "/api/v1/channels", { json });
    assert.equal(answer.status, 422, JSON.stringify(json));
    assert.match((await answer.json()).detail, words);
  }
});

test("odds are told with where the difficulty is from, and asked for with sense", async () => {
  const odds = await until("a difficulty", async () => {
    const answer = await get("/api/v1/odds");
    return answer.network.difficulty !== null && answer;
  });
  assert.equal(odds.network.source, "demo");
  const other = await get("/api/v1/odds?hashrate_ghs=1000&network_difficulty=1e14");
  assert.equal(other.network.source, "request");
  // 10^12 hashes a second in 86,400 s, at 10^14 x 2^32 hashes a block
  assert.ok(Math.abs(other.block.one_in_per_day / 4971026.962 - 1) < 1e-6);
  assert.ok(Math.abs(other.block.expected_years / 13609.93 - 1) < 1e-4);

  for (const query of ["hashrate_ghs=0", "network_difficulty=much", "miner=one"]) {
    assert.equal((await ask("GET", `/api/v1/odds?${query}`)).status, 422, query);
  }
  assert.equal((await ask("GET", "/api/v1/odds?miner=999")).status, 404);
  assert.equal((await ask("GET", "/api/v1/records?miner=999")).status, 404);
});

test("the record book names the best difficulty and whose it is", async () => {
  const book = await until("a best difficulty", async () => {
    const answer = await get("/api/v1/records");
    return answer.best_difficulty !== null && answer.uptime_s !== null && answer;
  });
  const { items } = await get("/api/v1/miners");
  const holder = items.find(({ id }) => id === book.best_difficulty.miner.id);
  assert.equal(book.best_difficulty.miner.name, holder.name);
  assert.ok(book.best_difficulty.value >= Math.max(...items.map((miner) => miner.best_diff_ever)) * 0.9);
  assert.ok(book.uptime_s.value > 0);
});

test("metrics come as Prometheus text and as OpenMetrics", async () => {
  const plain = await (await ask("GET", "/metrics")).text();
  assert.match(plain, /^bitaxe_up\{miner="[^"]+",id="\d+",model="[^"]+"\} 1$/m);
  const accept = { accept: "application/openmetrics-text;version=1.0.0" };
  const open = await (await ask("GET", "/metrics", { headers: accept })).text();
  assert.ok(open.endsWith("# EOF\n"));
});

test("pages of a list together are the list", async () => {
  const all = await get("/api/v1/miners");
  const paged = [];
  let page = await get("/api/v1/miners?limit=1");
  for (;;) {
    paged.push(...page.items.map((miner) => miner.id));
    if (page.next === null) break;
    page = await get(`/api/v1/miners?limit=1&cursor=${encodeURIComponent(page.next)}`);
  }
  assert.deepEqual(
    paged,
    all.items.map((miner) => miner.id),
  );

  const id = all.items[0].id;
  await until(
    "five samples",
    async () => (await get(`/api/v1/miners/${id}/samples`)).items.length > 4,
  );
  const to = new Date().toISOString();
  const samples = await get(`/api/v1/miners/${id}/samples?to=${to}`);
  const times = [];
  let part = await get(`/api/v1/miners/${id}/samples?to=${to}&limit=2`);
  for (;;) {
    times.push(...part.items.map((sample) => sample.at));
    if (part.next === null) break;
    part = await get(`/api/v1/miners/${id}/samples?to=${to}&limit=2&cursor=${part.next}`);
  }
  assert.deepEqual(
    times,
    samples.items.map((sample) => sample.at),
  );
});

test("an answer that is known is not sent again", async () => {
  for (const target of ["/api/v1/fleet", "/openapi.json"]) {
    const status = await until(`304 for ${target}`, async () => {
      const first = await ask("GET", target);
      const headers = { "if-none-match": first.headers.get("etag") };
      return (await ask("GET", target, { headers })).status === 304;
    });
    assert.ok(status);
  }
});

test("an export has every sample of the list", async () => {
  const to = new Date().toISOString();
  const listed = await until("samples", async () => {
    const { items } = await get(`/api/v1/miners/1/samples?to=${to}`);
    return items.length > 0 && items;
  });
  const csv = await (await ask("GET", `/api/v1/miners/1/export?to=${to}`)).text();
  const lines = await (await ask("GET", `/api/v1/miners/1/export?to=${to}&format=jsonl`)).text();
  const [names, ...rows] = csv.trimEnd().split("\n");
  assert.ok(names.startsWith("at,state,reason,"));
  assert.deepEqual(
    rows.map((row) => row.split(",")[0]),
    listed.map((sample) => sample.at),
  );
  assert.ok(rows.every((row) => row.split(",").length === names.split(",").length));
  const objects = lines.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(objects, listed);
});

test("a range that is over is not sent again", async () => {
  const to = new Date(Date.now() - 2000).toISOString();
  const target = `/api/v1/miners/1/history?to=${to}`;
  const first = await ask("GET", target);
  assert.equal(first.status, 200);
  const headers = { "if-none-match": first.headers.get("etag") };
  assert.equal((await ask("GET", target, { headers })).status, 304);
});

test("a miner is added, changed, polled and removed", async () => {
  const json = { address: "http://127.0.0.1:9", name: "Attic", verify: false };
  const added = await ask("POST", "/api/v1/miners", { json });
  assert.equal(added.status, 201);
  const { id } = await added.json();
  assert.equal(added.headers.get("location"), `/api/v1/miners/${id}`);

  assert.equal((await ask("POST", "/api/v1/miners", { json })).status, 409);
  const change = { name: "Cellar", address: "127.0.0.1:10" };
  const changed = await (await ask("PATCH", `/api/v1/miners/${id}`, { json: change })).json();
  assert.equal(changed.name, "Cellar");
  assert.equal(changed.address, "http://127.0.0.1:10");
  assert.equal((await ask("POST", `/api/v1/miners/${id}/poll`)).status, 200);
  assert.equal((await ask("DELETE", `/api/v1/miners/${id}`)).status, 204);
  assert.equal((await ask("GET", `/api/v1/miners/${id}`)).status, 404);
});

test("one miner tells how it is set up, a list does not", async () => {
  const { device } = await get("/api/v1/miners/1");
  const { items } = await get("/api/v1/miners");

  assert.match(device.pool_user, /^.{1,6}\.\.\..{0,4}/);
  assert.equal(device.fallback_pool.host, "fallback.example");
  assert.equal(items[0].device, undefined);
});

test("the raw answer of a device is shown without what is private", async () => {
  const read = await ask("POST", "/api/v1/miners/1/raw");
  assert.equal(read.status, 200);
  const { path, hidden, answer } = await read.json();
  assert.equal(path, "/api/system/info");
  assert.equal(answer.ASICModel, "BM1370");
  for (const field of ["ssid", "stratumUser", "macAddr", "hostname"]) {
    assert.equal(answer[field], "(hidden)", field);
    assert.ok(hidden.includes(field), field);
  }

  const { id } = await (
    await ask("POST", "/api/v1/miners", { json: { address: "http://127.0.0.1:9", verify: false } })
  ).json();
  const silent = await ask("POST", `/api/v1/miners/${id}/raw`);
  assert.equal(silent.status, 503);
  assert.match((await silent.json()).detail, /has never answered/);
  assert.equal((await ask("DELETE", `/api/v1/miners/${id}`)).status, 204);
});

test("a drill makes an episode that can be acknowledged and noted", async () => {
  const started = await ask("POST", "/api/v1/drill");
  assert.equal(started.status, 202);
  const { episode, running } = await started.json();
  assert.equal(running, true);
  assert.equal((await ask("POST", "/api/v1/drill")).status, 409);
  const target = `/api/v1/alerts/${episode}`;

  const acknowledged = await ask("POST", `${target}/acknowledge`, { json: { by: "Ann" } });
  assert.equal((await acknowledged.json()).acknowledged_by, "Ann");
  assert.equal((await ask("POST", `${target}/acknowledge`)).status, 409);
  const note = await ask("POST", `${target}/notes`, { json: { text: "It works.", by: "Ann" } });
  assert.equal(note.status, 201);

  await until("the note is kept", async () => (await get(target)).notes.length === 1);
  const detail = await get(target);
  assert.equal(detail.episode.drill, true);
  assert.deepEqual(
    detail.events.map((event) => event.kind),
    ["raised", "acknowledged"],
  );
  const open = await get("/api/v1/alerts/episodes?state=open");
  assert.ok(open.items.some((item) => item.id === episode));
  assert.ok(!(await get("/api/v1/alerts")).items.some((item) => item.miner_id < 0));
});

test("a rule is tuned for all miners and for one, and taken back", async () => {
  const { items } = await get("/api/v1/miners");
  const own = `/api/v1/miners/${items[0].id}/rules`;
  const limitOf = async (list) =>
    (await get(list)).items.find((rule) => rule.rule === "chip_temp").limit;

  await ask("PATCH", "/api/v1/rules/chip_temp", { json: { limit: 91.5, hold_s: 30 } });
  await ask("PATCH", `${own}/chip_temp`, { json: { limit: 93 } });

  assert.equal(await limitOf("/api/v1/rules"), 91.5);
  assert.equal(await limitOf(own), 93);
  assert.equal((await ask("DELETE", `${own}/chip_temp`)).status, 200);
  assert.equal(await limitOf(own), 91.5);
  const back = await ask("PATCH", "/api/v1/rules/chip_temp", { json: { limit: null, hold_s: null } });
  assert.equal((await back.json()).changed, null);
});

test("a miner is muted and heard again", async () => {
  const { items } = await get("/api/v1/miners");
  const json = { miner_id: items[0].id, rule: "offline", minutes: 60, by: "Ann" };
  const added = await ask("POST", "/api/v1/mutes", { json });
  assert.equal(added.status, 201);
  const { id } = await added.json();
  assert.equal((await get("/api/v1/mutes")).items.length, 1);
  assert.equal((await ask("DELETE", `/api/v1/mutes/${id}`)).status, 204);
  assert.equal((await ask("DELETE", `/api/v1/mutes/${id}`)).status, 404);
});

test("what makes no sense is refused in words", async () => {
  const refusals = [
    ["POST", "/api/v1/miners", { json: {} }, 422],
    ["POST", "/api/v1/miners", { json: { address: "http://127.0.0.1:9" } }, 422],
    ["POST", "/api/v1/miners", { json: { address: "8.8.8.8" } }, 422],
    ["POST", "/api/v1/miners", { json: [] }, 400],
    ["POST", "/api/v1/miners", { text: "address=x" }, 415],
    ["POST", "/api/v1/miners", { text: "x".repeat(100_000) }, 413],
    ["POST", "/api/v1/miners", { json: {}, headers: { origin: "http://evil.example" } }, 403],
    ["PATCH", "/api/v1/miners/1", { json: {} }, 422],
    ["PATCH", "/api/v1/miners/99999", { json: { name: "x" } }, 404],
    ["DELETE", "/api/v1/miners/99999", {}, 404],
    ["POST", "/api/v1/miners/99999/poll", {}, 404],
    ["POST", "/api/v1/miners/99999/raw", {}, 404],
    ["POST", "/api/v1/miners/1/raw", { headers: { origin: "http://evil.example" } }, 403],
    ["GET", "/api/v1/miners/none", {}, 422],
    ["GET", "/api/v1/miners?limit=0", {}, 422],
    ["GET", "/api/v1/miners?cursor=x", {}, 422],
    ["GET", "/api/v1/miners/1/samples?from=yesterday", {}, 422],
    ["GET", "/api/v1/miners/1/samples?from=2000&to=1000", {}, 422],
    ["GET", "/api/v1/miners/1/samples?format=columns&metrics=luck", {}, 422],
    ["GET", "/api/v1/miners/99999/history", {}, 404],
    ["GET", "/api/v1/miners/1/history?points=1", {}, 422],
    ["GET", "/api/v1/miners/1/history?points=10001", {}, 422],
    ["GET", "/api/v1/miners/1/history?metrics=luck", {}, 422],
    ["GET", "/api/v1/fleet/history?points=1", {}, 422],
    ["GET", "/api/v1/miners/99999/export", {}, 404],
    ["GET", "/api/v1/miners/1/export?format=xlsx", {}, 422],
    ["GET", "/api/v1/miners/1/export?from=2100-01-01T00:00:00Z&to=2101-01-01T00:00:00Z", {}, 422],
    ["GET", "/api/v1/alerts?miner=99999", {}, 404],
    ["GET", "/api/v1/alerts/episodes?miner=99999", {}, 404],
    ["GET", "/api/v1/alerts/episodes?rule=luck", {}, 422],
    ["GET", "/api/v1/alerts/episodes?state=odd", {}, 422],
    ["GET", "/api/v1/alerts/7", {}, 404],
    ["POST", "/api/v1/alerts/7/acknowledge", {}, 404],
    ["POST", "/api/v1/alerts/7/notes", { json: {} }, 422],
    ["POST", "/api/v1/alerts/7/notes", { json: { text: "" } }, 422],
    ["POST", "/api/v1/mutes", { json: {} }, 422],
    ["POST", "/api/v1/mutes", { json: { until: "2001-01-01T00:00:00Z" } }, 422],
    ["POST", "/api/v1/mutes", { json: { minutes: 5, miner_id: 99999 } }, 404],
    ["PATCH", "/api/v1/rules/luck", { json: {} }, 404],
    ["PATCH", "/api/v1/rules/offline", { json: { limit: 5 } }, 422],
    ["PATCH", "/api/v1/rules/chip_temp", { json: { hysteresis: -1 } }, 422],
    ["PATCH", "/api/v1/rules/chip_temp", { json: { severity: "loud" } }, 422],
    ["PATCH", "/api/v1/miners/99999/rules/chip_temp", { json: {} }, 404],
    ["PATCH", "/api/v1/miners/1/rules/monitor_disk", { json: {} }, 422],
    ["GET", "/api/v1/telemetry/last/0", {}, 422],
    ["GET", "/api/v1/telemetry/last/1001", {}, 422],
    ["GET", "/api/v1/telemetry/last/ten", {}, 422],
    ["POST", "/api/v1/telegram/webhook", { json: {} }, 403],
    ["POST", "/api/v1/telegram/link", { json: {} }, 409],
    ["POST", "/api/v1/telegram/link", { json: { token: "my bot" } }, 422],
    ["POST", "/api/v1/telegram/link", { json: { role: "king" } }, 422],
    ["GET", "/api/v1/telegram/link/0123456789abcdef", {}, 404],
  ];
  for (const [method, target, options, status] of refusals) {
    const response = await ask(method, target, options);
    assert.equal(response.status, status, `${method} ${target}`);
    const problem = await response.json();
    assert.equal(problem.status, status);
    assert.ok(problem.detail.length > 10, problem.detail);
  }
});

test("Telegram's updates are taken with the secret", async () => {
  const headers = { "x-telegram-bot-api-secret-token": SECRET };
  const response = await ask("POST", "/api/v1/telegram/webhook", {
    json: { update_id: 1 },
    headers,
  });
  assert.deepEqual(await response.json(), { ok: true });
});

test("a bot's token gives a code that links a chat", async () => {
  const link = await ask("POST", "/api/v1/telegram/link", { json: { token: TOKEN } });
  const { code, url, qr_svg, role } = await link.json();
  assert.equal(link.status, 201);
  assert.equal(role, "owner");
  assert.equal(url, `https://t.me/GarageBot?start=${code}`);
  assert.match(qr_svg, /^<svg /);
  const state = await get(link.headers.get("location"));
  assert.deepEqual(state, { state: "waiting", role: "owner", chat: null });
  assert.deepEqual(await get("/api/v1/telegram"), { configured: true, username: "GarageBot" });
});

/** Gives the events of a stream, one after the other. */
async function* events(body) {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of body) {
    text += decoder.decode(bytes, { stream: true });
    const blocks = text.split("\n\n");
    text = blocks.pop();
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s)));
      if (fields.event) yield { id: fields.id, name: fields.event, data: JSON.parse(fields.data) };
    }
  }
}

test("the event stream begins with everything and tells what happens", async () => {
  const schemas = {
    hello: "EventHello",
    miner: "Miner",
    removed: "EventRemoved",
    alert: "AlertEvent",
    health: "Health",
    summary: "Summary",
  };
  const cancel = new AbortController();
  const response = await fetch(`${monitor.url}/api/v1/events`, { signal: cancel.signal });
  const json = { address: "http://127.0.0.1:11", name: "Shed", verify: false };
  const added = await (await ask("POST", "/api/v1/miners", { json })).json();
  const wanted = new Set(["hello", "miner", "summary", "removed"]);

  for await (const event of events(response.body)) {
    assert.equal(contract.faultsOf(schemas[event.name], event.data), "", event.name);
    wanted.delete(event.name);
    if (event.name === "hello") await ask("DELETE", `/api/v1/miners/${added.id}`);
    if (wanted.size === 0) break;
  }
  cancel.abort();
  contract.seen.add("GET /api/v1/events 200");
  assert.equal(wanted.size, 0);
});

test("the demo goes and comes back", async () => {
  assert.equal((await ask("DELETE", "/api/v1/demo")).status, 204);
  assert.equal((await get("/api/v1/health")).demo, "stopped");
  assert.equal((await get("/api/v1/summary")).mood, "empty");
  assert.deepEqual(await get("/api/v1/telemetry/latest"), { message: "No telemetry yet" });
  assert.deepEqual(await get("/api/v1/telemetry/status"), { has_telemetry: false });
  assert.deepEqual(await get("/api/v1/telemetry/last/5"), []);
  const started = await ask("POST", "/api/v1/demo");
  assert.equal(started.status, 201);
  assert.equal((await started.json()).items.length, 3);
});

test("every operation of the description was asked here", () => {
  const missing = [];
  for (const [pattern, item] of Object.entries(contract.document.paths)) {
    for (const method of ["get", "post", "patch", "delete"]) {
      if (!item[method]) continue;
      const name = `${method.toUpperCase()} ${pattern}`;
      const succeeded = [...contract.seen].some((seen) => seen.startsWith(`${name} 2`));
      if (!succeeded) missing.push(name);
    }
  }
  assert.deepEqual(missing, []);
});
