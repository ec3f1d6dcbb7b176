import Table from 'cli-table3';
import { Command } from 'commander';
import { benchmarks as businessTime } from './business-time.js';
import { benchmarks as createTicket } from './create-ticket.js';
import type { BenchmarkResult } from './result.js';
import { benchmarks as timers } from './timers.js';

const SUITES: Readonly<Record<string, () => Promise<BenchmarkResult[]>>> = {
  'create-ticket': createTicket,
  'business-time': businessTime,
  timers,
};

const program = new Command('npm run bench --')
  .description('Measures Priolane against baselines in the same run. Quote ratios: machines differ, and so do their moods.')
  .option('--json', 'one JSON document on standard output')
  .option('--only <suite...>', `some of: ${Object.keys(SUITES).join(', ')}`);
program.parse();
const options = program.opts<{ json?: boolean; only?: string[] }>();
const wanted = options.only ?? Object.keys(SUITES);
const unknown = wanted.filter((name) => !(name in SUITES));
if (unknown.length > 0) program.error(`no such suite: ${unknown.join(', ')}; there are ${Object.keys(SUITES).join(', ')}`);

const results: BenchmarkResult[] = [];
for (const name of wanted) {
  process.stderr.write(`measuring ${name} …\n`);
  results.push(...(await SUITES[name]!()));
}
if (options.json) {
  console.log(JSON.stringify({ benchmarks: results }));
} else {
  const table = new Table({ head: ['benchmark', 'value', 'baseline', 'ratio', 'goal', 'met'] });
  for (const r of results) {
    table.push([r.name, `${r.value} ${r.unit}`, `${r.baseline} ${r.unit}`, r.ratio, r.goal, r.met ? 'yes' : 'no']);
  }
  console.log(table.toString());
  for (const r of results) if (r.details) console.log(r.name, r.details);
}
process.exitCode = results.every((r) => r.met) ? 0 : 1;
