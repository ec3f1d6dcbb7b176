// Ends an owner's child processes when the owner is gone, however it went: a SIGKILL leaves the owner no say.
// Plain JavaScript, because the tests start it without a build.
//
//   node keeper.mjs OWNER-PID REGISTRY-FOLDER [FOLDER-TO-REMOVE]
//
// The registry holds one file a child, written by processes.ts: {"pid": 123, "stopSignals": ["SIGTERM"], ...}. A SIGTERM to the
// keeper does the same work at once.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lives } from './lives.mjs';

const [owner, registry, remove] = process.argv.slice(2);
const GRACE_MS = 5_000;

function children() {
  try {
    return readdirSync(registry)
      .filter((file) => file.endsWith('.json'))
      .map((file) => JSON.parse(readFileSync(join(registry, file), 'utf8')));
  } catch {
    return [];
  }
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It went by itself.
  }
}

async function end(child) {
  let patience = GRACE_MS;
  for (const name of child.stopSignals) {
    signal(child.pid, name);
    const deadline = performance.now() + patience;
    while (lives(child.pid) && performance.now() < deadline) await sleep(50);
    patience = 1_000;
  }
  if (lives(child.pid)) signal(-child.pid, 'SIGKILL');
}

async function endAll() {
  await Promise.all(children().map(end));
  if (remove !== undefined) rmSync(remove, { recursive: true, force: true, maxRetries: 5 });
}

const asked = new AbortController();
process.on('SIGTERM', () => asked.abort());
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
while (!asked.signal.aborted && lives(Number(owner))) {
  await sleep(250, undefined, { signal: asked.signal }).catch(() => undefined);
}
await endAll();
