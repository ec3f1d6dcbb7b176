import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { readStack, type StackDescription } from '#testing/infrastructure/stack-file.js';
import { packages } from './packages.js';
import { Report } from './report.js';
import { Visit } from './visit.js';
import { webshop } from './webshop.js';

const CHAPTERS = { webshop, packages };

const program = new Command('npm run tour --')
  .description('One ticket’s whole life on each of two desks, on the running stack, through its public interfaces.')
  .option('--desk <desk>', `one of ${Object.keys(CHAPTERS).join(', ')}; both when left out`)
  .option('--stack <file>', 'a description of the stack; .priolane/stack.json when left out')
  .option('--json', 'one JSON document a step')
  .parse();
const options = program.opts<{ desk?: keyof typeof CHAPTERS; stack?: string; json?: boolean }>();
if (options.desk && !(options.desk in CHAPTERS)) program.error(`no chapter for the desk ${options.desk}`);

try {
  const stack = options.stack ? (JSON.parse(readFileSync(options.stack, 'utf8')) as StackDescription) : readStack();
  const report = new Report(options.json ?? false);
  const visit = new Visit(stack, report);
  try {
    for (const [desk, chapter] of Object.entries(CHAPTERS)) {
      if (!options.desk || options.desk === desk) await chapter(visit);
    }
  } finally {
    await visit.close();
  }
  console.log(options.json ? JSON.stringify({ steps: report.count, ok: true }) : `\nAll ${report.count} steps as they should be.`);
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  console.error(options.json ? JSON.stringify({ ok: false, reason }) : `\nNot as it should be: ${reason}`);
  process.exitCode = 1;
}
process.exit();
