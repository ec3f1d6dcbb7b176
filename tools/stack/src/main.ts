import { Command, Option } from 'commander';
import { seed } from './seed.js';
import { startStack, type RunningStack } from './start-stack.js';
import { stackTable } from './table.js';

interface Flags {
  readonly fresh: boolean;
  readonly ports: 'fixed' | 'free';
  readonly json: boolean;
}

const program = new Command('npm start --')
  .description('Starts Priolane: five services, and PostgreSQL, Kafka, a mailbox and Stripe as far as none are given.')
  .option('--fresh', 'start with new data', false)
  .addOption(new Option('--ports <which>', 'the usual ports, or free ones').choices(['fixed', 'free']).default('fixed'))
  .option('--json', 'one JSON document a line, in place of text', false)
  .addHelpText(
    'after',
    `
What is given is used: DATABASE_URL (a server) or TICKETS_DATABASE_URL ..., KAFKA_BROKERS, SMTP_URL, STRIPE_API_KEY with
STRIPE_WEBHOOK_SECRET. EVENT_BUS=postgres does without Kafka. Data, logs and addresses are in .priolane/ (PRIOLANE_FOLDER
names another folder). Ctrl-C stops everything.`,
  )
  .parse();
const flags = program.opts<Flags>();

const began = performance.now();
const seconds = () => Math.round((performance.now() - began) / 100) / 10;

function say(event: string, message: string, more: Readonly<Record<string, unknown>> = {}): void {
  if (flags.json) console.log(JSON.stringify({ event, message, seconds: seconds(), ...more }));
  else if (event === 'failed') console.error(message);
  else console.log(message);
}

const stopRequest = new AbortController();
function requestStop(): void {
  say('stopping', 'Stopping Priolane ...');
  stopRequest.abort();
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // The second request does not wait; the keeper ends what is left.
    if (stopRequest.signal.aborted) process.exit(1);
    requestStop();
  });
}

if (process.env.npm_lifecycle_event !== undefined) {
  // npm hands a SIGTERM to its shell, and that dies without passing it on: the end of the shell is the request to stop.
  const shell = process.ppid;
  setInterval(() => {
    if (process.ppid !== shell && !stopRequest.signal.aborted) requestStop();
  }, 250).unref();
}

function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    // Nothing else holds the process: the children are not tied to its event loop.
    const hold = setInterval(() => undefined, 60_000);
    const done = () => {
      clearInterval(hold);
      resolve();
    };
    if (stopRequest.signal.aborted) done();
    stopRequest.signal.addEventListener('abort', done, { once: true });
  });
}

async function start(): Promise<RunningStack> {
  return startStack({
    fresh: flags.fresh,
    ports: flags.ports,
    signal: stopRequest.signal,
    seed,
    report: (line) => say('progress', flags.json ? line : `${seconds().toFixed(1).padStart(5)} s  ${line}`),
  });
}

try {
  const stack = await start();
  if (!flags.json) console.log(stackTable(stack.description));
  say('ready', 'Priolane is ready', { stack: stack.description });
  await stopRequested();
  await stack.stop();
  say('stopped', 'Priolane has stopped');
} catch (error) {
  const brokenOff = stopRequest.signal.aborted;
  if (brokenOff) say('stopped', 'Priolane has stopped');
  else say('failed', error instanceof Error ? error.message : String(error));
  process.exitCode = brokenOff ? 0 : 1;
}
// A connection that a library keeps open must not hold a stack that has stopped.
process.exit();
