import type { Command } from 'commander';
import type { CalendarServiceClient } from '#contracts/generated/priolane/sla/v1/calendar.js';
import type { ClockServiceClient } from '#contracts/generated/priolane/sla/v1/clock.js';
import type { PolicyServiceClient } from '#contracts/generated/priolane/sla/v1/policy.js';
import { createClient } from '#platform/grpc/client.js';
import { readStack } from '#testing/infrastructure/stack-file.js';
import { DEMO_PASSWORD } from '#testing/stack/demo-data.js';
import { StackUnderUse } from '#testing/stack/stack-under-use.js';

export interface ConnectionOptions {
  readonly desk: string;
  readonly address?: string;
  readonly token?: string;
  readonly json?: boolean;
}

/** A service to ask, and who asks. */
export function withConnection(command: Command): Command {
  return command
    .requiredOption('--desk <id>', 'the desk to ask about')
    .option('--address <host:port>', 'the sla service; the running development stack when left out')
    .option('--token <jwt>', 'an access token; needed with --address', process.env.PRIOLANE_TOKEN)
    .option('--json', 'one JSON document a line');
}

/** The SLA services: of the given address, or of the stack of `npm start` as its demo lead. */
export function connect({ desk, address, token }: ConnectionOptions) {
  if (address) {
    if (!token) throw new Error('give a token with --token or PRIOLANE_TOKEN');
    const options = { token: () => token, deadlineMs: 30_000 };
    return {
      clocks: createClient<ClockServiceClient, 'replayClocks'>('priolane.sla.v1.ClockService', address, options),
      policies: createClient<PolicyServiceClient, 'simulatePolicy'>('priolane.sla.v1.PolicyService', address, options),
      calendars: createClient<CalendarServiceClient>('priolane.sla.v1.CalendarService', address, options),
    };
  }
  const lead = new StackUnderUse(readStack()).person(desk, `lead@${desk}.example`, DEMO_PASSWORD);
  return { clocks: lead.clocks, policies: lead.policies, calendars: lead.calendars };
}
