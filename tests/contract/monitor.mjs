// A monitor of its own for a test: on a free loopback port, with its data in a
// folder that goes away with it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const DEADLINE_MS = 60_000;

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Asks `condition` until it gives something true, which is returned. */
export async function until(what, condition) {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const result = await condition().catch(() => undefined);
    if (result) return result;
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** { url, stop() }; stop gives the exit code. */
export async function startMonitor({ args = [], env = {} } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), "monitor-"));
  const port = await freePort();
  const program = path.join(process.env.BUILD_DIR ?? path.join(root, "build"), "bitaxe-monitor");
  const listen = `127.0.0.1:${port}`;
  const child = spawn(program, ["serve", "--listen", listen, "--data-dir", folder, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  child.stdout.on("data", (bytes) => (log += bytes));
  child.stderr.on("data", (bytes) => (log += bytes));
  const exited = once(child, "exit");
  const url = `http://${listen}`;
  try {
    await until(`the monitor to answer\n${log}`, async () => {
      if (child.exitCode !== null) throw new Error(log);
      return (await fetch(`${url}/api/v1/health`)).ok;
    });
  } catch (error) {
    child.kill();
    throw new Error(`${error.message}\n${log}`);
  }
  return {
    url,
    async stop() {
      child.kill("SIGTERM");
      const [code] = await exited;
      await rm(folder, { recursive: true, force: true });
      if (code !== 0) throw new Error(`the monitor ended with ${code}\n${log}`);
      return code;
    },
  };
}
