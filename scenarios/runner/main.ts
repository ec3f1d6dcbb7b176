import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { readStack, type StackDescription } from '#testing/infrastructure/stack-file.js';
import { seed } from '../../tools/stack/src/seed.js';
import { startStack } from '../../tools/stack/src/start-stack.js';
import { deskOf, RULES } from '../rules.js';
import { SCENARIOS } from '../scenarios.js';
import { type Options, readOptions } from './options.js';
import { type Outcome, outcomeTable, seconds, summary } from './outcomes.js';
import { runScenarios } from './run-scenarios.js';

const stopRequest = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopRequest.abort());

try {
  const options = readOptions(process.argv.slice(2), { write: (text) => process.stderr.write(text) });
  const outcomes = await withStack(options, (stack) => run(stack, options));
  if (options.json) console.log(JSON.stringify({ rules: outcomes }));
  else console.log(`${outcomeTable(outcomes)}\n${summary(outcomes)}`);
  process.exitCode = outcomes.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
} catch (error) {
  if (!(error instanceof CommanderError)) console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof CommanderError ? error.exitCode : 1;
}
// A connection that a library keeps open must not hold a run that is over.
process.exit();

async function run(stack: StackDescription, { desk, rule }: Options): Promise<Outcome[]> {
  const rules = RULES.filter(({ id }) => (desk === undefined || deskOf(id) === desk) && (rule === undefined || id === rule));
  let done = 0;
  const report = ({ id, title, outcome, milliseconds, error }: Outcome): void => {
    done += 1;
    const time = milliseconds === undefined ? '' : ` (${seconds(milliseconds)} s)`;
    progress(`${String(done).padStart(2)}/${rules.length} ${outcome.padEnd(7)} ${id} ${title}${time}${error ? `\n   ${error}` : ''}`);
  };
  return Promise.race([runScenarios(stack, rules, SCENARIOS, report), stopped()]);
}

/** Runs on the stack that is named, or on one of its own that goes when the run is over. */
async function withStack<T>(options: Options, work: (stack: StackDescription) => Promise<T>): Promise<T> {
  if (options.stack !== undefined) return work(JSON.parse(readFileSync(options.stack, 'utf8')) as StackDescription);
  if (options.running) return work(readStack());
  const folder = mkdtempSync(join(tmpdir(), 'priolane-scenarios-'));
  try {
    const stack = await startStack({ ports: 'free', throwAway: true, folder, seed, report: progress, signal: stopRequest.signal });
    try {
      return await work(stack.description);
    } finally {
      await stack.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function stopped(): Promise<never> {
  return new Promise((_, reject) => {
    stopRequest.signal.addEventListener('abort', () => reject(new Error('The run was broken off')), { once: true });
  });
}

/** On standard error, so that standard output stays the result's. */
function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}
