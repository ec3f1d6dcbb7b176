import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { findStack, type StackDescription } from '#testing/infrastructure/stack-file.js';
import { startProgress } from '../../replay/src/progress.js';
import { startStack } from '../../stack/src/start-stack.js';
import { type FailedVector, runVectors } from './run-vectors.js';
import { readVectors, type Vector } from './vectors.js';

interface Flags {
  readonly stack?: string;
  readonly json: boolean;
}

const program = new Command('npm run vectors --')
  .description('Checks the arithmetic of a running SLA service, over gRPC, against a file of cases.')
  .argument('<file>', 'JSON: {"vectors": [{"op": "add" or "elapsed", ...}]}')
  .option('--stack <folder>', 'the folder of the running stack, .priolane where not given; where none runs, one is started for this')
  .option('--json', 'one JSON document on standard output', false)
  .addHelpText('after', '\nExit code 0: all passed; 1: some failed; 2: it could not be done.')
  .parse();
const flags = program.opts<Flags>();
const [file] = program.args as [string];

const stopRequest = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // The second request does not wait; the stack's keeper ends what is left.
  process.on(signal, () => (stopRequest.signal.aborted ? process.exit(2) : stopRequest.abort()));
}

function stopRequested(): Promise<never> {
  return new Promise((_, reject) => {
    const refuse = (): void => reject(new Error('broken off'));
    if (stopRequest.signal.aborted) refuse();
    stopRequest.signal.addEventListener('abort', refuse, { once: true });
  });
}

async function check(stack: StackDescription, vectors: readonly Vector[]): Promise<FailedVector[]> {
  const progress = startProgress('Asking', vectors.length);
  try {
    return await Promise.race([runVectors(stack, vectors, progress.reach), stopRequested()]);
  } finally {
    progress.stop();
  }
}

async function checkOnNewStack(vectors: readonly Vector[]): Promise<FailedVector[]> {
  console.error('Priolane is not running here: starting it for this check.');
  const stack = await startStack({
    folder: mkdtempSync(join(tmpdir(), 'priolane-vectors-')),
    ports: 'free',
    throwAway: true,
    signal: stopRequest.signal,
    report: (line) => console.error(line),
  });
  try {
    return await check(stack.description, vectors);
  } finally {
    await stack.stop();
  }
}

function tell(vectors: readonly Vector[], failures: readonly FailedVector[]): void {
  const passed = vectors.length - failures.length;
  if (flags.json) {
    console.log(JSON.stringify({ passed, failed: failures.length, failures }));
    return;
  }
  for (const { index, expected, got } of failures) {
    console.log(`vector ${index} (${vectors[index]!.op}): expected ${expected}, got ${got}`);
  }
  console.log(`${passed} passed, ${failures.length} failed`);
}

try {
  const vectors = readVectors(file);
  const running = findStack(flags.stack);
  const failures = running ? await check(running, vectors) : await checkOnNewStack(vectors);
  tell(vectors, failures);
  process.exitCode = failures.length > 0 ? 1 : 0;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
// A connection that a library keeps open must not hold a check that is done.
process.exit();
