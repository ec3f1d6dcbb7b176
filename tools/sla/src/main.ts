import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { ClockState } from '#contracts/generated/priolane/sla/v1/clock.js';
import type { Clock } from '#contracts/generated/priolane/sla/v1/clock.js';
import { RpcError } from '#platform/grpc/rpc-error.js';
import { toTimestamp } from '#platform/grpc/timestamps.js';
import { connect, type ConnectionOptions, withConnection } from './connection.js';
import { instant, Output } from './output.js';

const program = new Command('npm run sla --').description('Asks the SLA service: what is due when, and why.');

const CLOCK_HEAD = ['target', 'cycle', 'state', 'started', 'due', 'satisfied', 'used s', 'target s', 'policy', 'calendar'];
const clockRow = (clock: Clock): (string | number)[] => [
  clock.target,
  clock.cycle,
  ClockState[clock.state]!.replace('CLOCK_STATE_', '').toLowerCase(),
  instant(clock.startedAt),
  instant(clock.dueAt),
  instant(clock.satisfiedAt),
  clock.usedSeconds,
  clock.targetSeconds,
  `${clock.policyId} v${clock.policyVersion}`,
  `${clock.calendarId} v${clock.calendarVersion}`,
];

/** Basis points as per cent; nothing where nothing is decided. */
function share(points: number | null | undefined): string {
  return points === null || points === undefined ? '' : `${points / 100} %`;
}

function time(text: string | undefined) {
  if (!text) return null;
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new Error(`not an RFC 3339 instant: ${text}`);
  return toTimestamp(at);
}

withConnection(program.command('clocks <ticket>').description('the clocks of a ticket')).action(
  async (ticketId: string, options: ConnectionOptions) => {
    const out = new Output(options.json ?? false);
    const { clocks, notPromised, missingSequence } = await connect(options).clocks.listClocks({ ticketId });
    out.table(CLOCK_HEAD, clocks.map(clockRow));
    if (missingSequence > 0) out.say(`provisional: event ${missingSequence} of the ticket has not arrived, and nothing is due before it has`);
    if (notPromised.length > 0) out.say(`not promised by this desk: ${notPromised.join(', ')}`);
  },
);

withConnection(program.command('explain <ticket> <target>').description('how a due time came about, interval by interval'))
  .option('--cycle <n>', 'which clock of that target; the newest when left out', '0')
  .action(async (ticketId: string, target: string, options: ConnectionOptions & { cycle: string }) => {
    const out = new Output(options.json ?? false);
    const found = await connect(options).clocks.explainDeadline({ ticketId, target, cycle: Number(options.cycle) });
    out.table(
      ['from', 'to', 'kind', 'counted s', 'so far s', 'policy', 'calendar', 'reason'],
      found.intervals.map((i) => [
        instant(i.from),
        instant(i.to),
        i.kind,
        i.countedSeconds,
        i.cumulativeSeconds,
        i.policyId,
        i.calendarId,
        i.reason,
      ]),
    );
    out.say(found.summary);
  });

withConnection(program.command('preview').description('the due times that a ticket would get'))
  .option('--package <id>', 'package', '')
  .option('--type <id>', 'ticket type', '')
  .option('--department <id>', 'department', '')
  .option('--priority <id>', 'priority', '')
  .option('--channel <id>', 'channel', '')
  .option('--lane <id>', 'lane', '')
  .option('--at <instant>', 'opened at; now when left out')
  .action(async (options: ConnectionOptions & Record<string, string | undefined>) => {
    const out = new Output(options.json ?? false);
    const found = await connect(options).clocks.previewDeadline({
      packageId: options['package'] ?? '',
      type: options['type'] ?? '',
      department: options['department'] ?? '',
      priority: options['priority'] ?? '',
      channel: options['channel'] ?? '',
      lane: options['lane'] ?? '',
      openedAt: time(options['at']),
    });
    out.table(CLOCK_HEAD, found.clocks.map(clockRow));
    if (found.notPromised.length > 0) out.say(`not promised by this desk: ${found.notPromised.join(', ')}`);
  });

withConnection(program.command('simulate <desk-file>').description('a changed desk file against all open tickets; writes nothing'))
  .option('--at <instant>', 'as of this instant; now when left out')
  .option('--all', 'also those that would stay as they are')
  .action(async (file: string, options: ConnectionOptions & { at?: string; all?: boolean }) => {
    const out = new Output(options.json ?? false);
    const request = { source: readFileSync(file, 'utf8'), at: time(options.at), includeUnchanged: options.all ?? false };
    const rows: string[][] = [];
    const counts = new Map<string, number>();
    for await (const row of connect(options).policies.simulatePolicy(request)) {
      rows.push([row.ticketNumber, row.target, row.outcome, instant(row.oldDueAt), instant(row.newDueAt)]);
      counts.set(row.outcome, (counts.get(row.outcome) ?? 0) + 1);
    }
    out.table(['ticket', 'target', 'outcome', 'due now', 'would be due'], rows);
    out.say([...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ') || 'nothing would change');
  });

withConnection(program.command('waiting').description('tickets that wait for an event which has not arrived, the longest waiting first'))
  .option('--limit <n>', 'at most', '100')
  .action(async (options: ConnectionOptions & { limit: string }) => {
    const out = new Output(options.json ?? false);
    const { tickets } = await connect(options).clocks.listWaitingTickets({ pageSize: Number(options.limit), pageToken: '' });
    if (tickets.length === 0) return out.say('no ticket waits for an event');
    out.table(
      ['ticket', 'number', 'missing event', 'waiting since', 'would be due'],
      tickets.map((t) => [t.ticketId, t.ticketNumber, t.missingSequence, instant(t.waitingSince), instant(t.dueAt)]),
    );
    process.exitCode = 1;
  });

withConnection(program.command('replay').description('computes tickets again and lists every difference; changes nothing'))
  .option('--ticket <id>', 'one ticket; all of the desk when left out', '')
  .action(async (options: ConnectionOptions & { ticket: string }) => {
    const out = new Output(options.json ?? false);
    const rows: (string | number)[][] = [];
    for await (const { difference, summary } of connect(options).clocks.replayClocks({ ticketId: options.ticket })) {
      if (difference) {
        const { ticketId, target, cycle, field, recorded, computed } = difference;
        rows.push([ticketId, target, cycle, field, recorded, computed]);
      }
      if (summary) {
        if (rows.length > 0 || options.json) out.table(['ticket', 'target', 'cycle', 'field', 'recorded', 'computed'], rows);
        out.say(`${summary.tickets} tickets, ${summary.clocks} clocks, ${summary.differences} differences`);
        if (Number(summary.differences) > 0) process.exitCode = 1;
      }
    }
  });

withConnection(program.command('breaches').description('breaches, newest first'))
  .option('--from <instant>', 'occurred at or after')
  .option('--to <instant>', 'occurred before')
  .option('--target <target>', 'one target', '')
  .option('--revoked', 'also those that were revoked')
  .option('--limit <n>', 'at most', '100')
  .action(async (options: ConnectionOptions & { from?: string; to?: string; target: string; revoked?: boolean; limit: string }) => {
    const out = new Output(options.json ?? false);
    const { breaches } = await connect(options).clocks.listBreaches({
      from: time(options.from),
      to: time(options.to),
      target: options.target,
      includeRevoked: options.revoked ?? false,
      pageSize: Number(options.limit),
      pageToken: '',
    });
    out.table(
      ['ticket', 'target', 'cycle', 'due', 'occurred', 'recorded', 'reason', 'revoked'],
      breaches.map((b) => [
        b.ticketNumber,
        b.target,
        b.cycle,
        instant(b.dueAt),
        instant(b.occurredAt),
        instant(b.recordedAt),
        b.reason,
        instant(b.revokedAt),
      ]),
    );
  });

withConnection(program.command('compliance').description('the share kept, by target, package, priority and month'))
  .option('--from <instant>', 'due at or after')
  .option('--to <instant>', 'due before')
  .option('--target <target>', 'one target', '')
  .action(async (options: ConnectionOptions & { from?: string; to?: string; target: string }) => {
    const out = new Output(options.json ?? false);
    const request = { from: time(options.from), to: time(options.to), target: options.target };
    const { rows } = await connect(options).clocks.getCompliance(request);
    out.table(
      ['target', 'package', 'priority', 'month', 'met', 'breached', 'running', 'kept'],
      rows.map((r) => [r.target, r.packageId, r.priority, r.month, r.met, r.breached, r.running, share(r.keptBasisPoints)]),
    );
  });

withConnection(program.command('response-times').description('the current response time by lane')).action(
  async (options: ConnectionOptions) => {
    const { lanes } = await connect(options).clocks.getResponseTimes({ deskId: options.desk });
    new Output(options.json ?? false).table(
      ['lane', 'answered', 'median s', '90th percentile s'],
      lanes.map((lane) => [lane.lane, lane.answered, lane.medianSeconds, lane.p90Seconds]),
    );
  },
);

withConnection(program.command('policies').description('lines that can never apply, and tickets without a target'))
  .option('--file <desk-file>', 'a desk file to check instead of the one in force')
  .action(async (options: ConnectionOptions & { file?: string }) => {
    const out = new Output(options.json ?? false);
    const source = options.file ? readFileSync(options.file, 'utf8') : '';
    const found = await connect(options).policies.checkPolicies({ source });
    out.say(found.unreachableLines.length > 0 ? `never apply: ${found.unreachableLines.join(', ')}` : 'every line applies to something');
    out.table(
      ['package', 'type', 'department', 'priority', 'channel', 'lane', 'without'],
      found.uncovered.map((c) => [c.packageId, c.type, c.department, c.priority, c.channel, c.lane, c.targets.join(', ')]),
    );
  });

withConnection(program.command('calendar <id>').description('a calendar with its holidays and versions')).action(
  async (calendarId: string, options: ConnectionOptions) => {
    const out = new Output(options.json ?? false);
    const { calendar } = await connect(options).calendars.getCalendar({ calendarId, version: 0 });
    if (!calendar) return;
    out.say(`${calendar.id} version ${calendar.version}, ${calendar.timeZone}, time-zone data ${calendar.timeZoneDataVersion}`);
    const { holidaySource, holidaysFrom, holidaysTo } = calendar;
    out.say(holidaySource ? `holidays of ${holidaysFrom} to ${holidaysTo} from ${holidaySource}` : 'no public holidays');
    out.table(['date', 'holiday'], calendar.holidays.map((holiday) => [holiday.date, holiday.name]));
  },
);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof RpcError) console.error(error.reason ? `${error.reason}: ${error.message}` : error.message);
  else console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
process.exit();
