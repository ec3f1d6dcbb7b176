import { Command, InvalidArgumentError } from 'commander';
import { Role } from '#contracts/generated/priolane/common/v1/access.js';
import { RpcError } from '#platform/grpc/rpc-error.js';
import { readStack, type StackDescription } from '#testing/infrastructure/stack-file.js';
import { Accounts } from './desk-access.js';
import { readExpected } from './expected.js';
import { type ImportSummary, importTickets } from './import-incidents.js';
import { IncidentClocks } from './incident-clocks.js';
import { startProgress } from './progress.js';
import { readIncidents } from './read-incidents.js';
import { toImportedTicket } from './to-imported-ticket.js';
import { type Failure, verifyIncidents } from './verify-incidents.js';

interface Flags {
  readonly verify?: string;
  readonly stack?: string;
  readonly wait: number;
  readonly json: boolean;
}

interface Verification {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly Failure[];
}

const SETTLED_MS = 30_000;
const PAUSE_MS = 1_000;

const program = new Command('npm run replay --')
  .description('Imports real incidents with their history into a running Priolane, and checks the clocks it gives them.')
  .argument('[csv]', 'the audit log of the incidents; those imported before are left as they are')
  .option('--verify <json>', 'compare the clocks with this file; with a CSV file too, import first')
  .option('--stack <folder>', 'the folder of the running stack, .priolane where not given')
  .option('--wait <seconds>', 'how long the clocks may take to become as expected', wholeSeconds, 300)
  .option('--json', 'one JSON document on standard output', false)
  .addHelpText('after', '\nExit code 0: nothing was refused and nothing failed; 1: something was; 2: it could not be done.')
  .parse();
const flags = program.opts<Flags>();
const [csv] = program.args;
if (csv === undefined && flags.verify === undefined) {
  program.error('Name a CSV file to import, or --verify with a JSON file.', { exitCode: 2 });
}

function wholeSeconds(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('must be whole seconds.');
  return Number(text);
}

async function runImport(path: string, stack: StackDescription, accounts: Accounts): Promise<ImportSummary> {
  const tickets = (await readIncidents(path)).map(toImportedTicket);
  await accounts.applyDesk();
  const token = await accounts.tokenFor(Role.ROLE_INTEGRATOR);
  const progress = startProgress('Importing', tickets.length);
  try {
    return await importTickets(stack.services.tickets.grpc, token, tickets, progress.reach);
  } finally {
    progress.stop();
  }
}

async function runVerification(path: string, stack: StackDescription, accounts: Accounts): Promise<Verification> {
  const expected = readExpected(path);
  const clocks = new IncidentClocks(stack, await accounts.tokenFor(Role.ROLE_AGENT));
  const progress = startProgress('Checking', expected.length);
  try {
    await clocks.loadTickets();
    const patience = { waitMs: flags.wait * 1_000, settledMs: SETTLED_MS, pauseMs: PAUSE_MS };
    const failures = await verifyIncidents(expected, (incident) => clocks.check(incident), patience, progress.reach);
    return { passed: expected.length - failures.length, failed: failures.length, failures };
  } finally {
    progress.stop();
    clocks.close();
  }
}

function tellImport({ created, existing, refused }: ImportSummary): void {
  for (const { externalReference, faults } of refused) console.log(`${externalReference} refused: ${faults.join('; ')}`);
  console.log(`${created} imported, ${existing} were there already, ${refused.length} refused`);
}

function tellVerification({ passed, failed, failures }: Verification): void {
  for (const { number, problem, differences } of failures) {
    const wrong = differences.map(({ field, expected, got }) => `${field} is ${got || 'missing'}, expected ${expected}`);
    console.log(`${number} failed: ${problem || wrong.join('; ')}`);
  }
  console.log(`${passed} passed, ${failed} failed`);
}

function words(error: unknown): string {
  if (!(error instanceof RpcError)) return error instanceof Error ? error.message : String(error);
  const violations = error.violations.map(({ field, description }) => `\n  ${field}: ${description}`);
  return `${error.reason || 'call failed'}: ${error.message}${violations.join('')}`;
}

try {
  const stack = readStack(flags.stack);
  const accounts = new Accounts(stack);
  try {
    const imported = csv === undefined ? undefined : await runImport(csv, stack, accounts);
    if (imported && !flags.json) tellImport(imported);
    const verified = flags.verify === undefined ? undefined : await runVerification(flags.verify, stack, accounts);
    if (verified && !flags.json) tellVerification(verified);
    if (flags.json) console.log(JSON.stringify({ import: imported, verification: verified }));
    process.exitCode = (imported?.refused.length ?? 0) + (verified?.failed ?? 0) > 0 ? 1 : 0;
  } finally {
    accounts.close();
  }
} catch (error) {
  console.error(words(error));
  process.exitCode = 2;
}
