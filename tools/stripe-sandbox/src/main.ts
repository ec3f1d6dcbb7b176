import { pino } from 'pino';
import { run } from './cli.js';

// Standard output carries the one line that whoever started this waits for; all else goes to standard error.
const log = pino({ name: 'stripe-sandbox' }, pino.destination(2));

try {
  const sandbox = await run(process.argv.slice(2), process.env['NODE_ENV'], log);
  console.log(JSON.stringify({ listening: sandbox.url }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void sandbox.stop().then(() => process.exit(0)));
  }
} catch (error) {
  log.fatal(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
