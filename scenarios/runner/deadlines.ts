import { type Clock, ClockState, type PreviewDeadlineRequest } from '#contracts/generated/priolane/sla/v1/clock.js';
import type { Ticket } from '#contracts/generated/priolane/tickets/v1/ticket.js';
import { fromTimestampOrUndefined, toTimestamp } from '#platform/grpc/timestamps.js';
import type { Session } from '#testing/stack/session.js';
import { becomes, given, toSecond } from './expect.js';

export type Target = 'first_response' | 'next_response' | 'periodic_update' | 'resolution' | 'cut_off';
type State = 'RUNNING' | 'PAUSED' | 'MET' | 'BREACHED' | 'CANCELLED';

/** What a clock is expected to be; what is left out may be anything. */
export interface WantedClock {
  /** The first where left out. */
  readonly cycle?: number;
  readonly state?: State;
  readonly due?: Date;
  readonly satisfied?: Date;
  readonly breached?: Date;
}

/** The due times of a ticket that does not exist. */
export class Preview {
  constructor(
    readonly clocks: readonly Clock[],
    readonly notPromised: readonly string[],
  ) {}

  due(target: Target): Date | undefined {
    return fromTimestampOrUndefined(this.clocks.find((clock) => clock.target === target)?.dueAt);
  }
}

/** What the SLA service says of tickets. */
export class Deadlines {
  constructor(private readonly agent: Session) {}

  /** Waits until a clock of the ticket is as wanted. */
  async become(ticket: Ticket, target: Target, wanted: WantedClock): Promise<void> {
    const cycle = wanted.cycle ?? 1;
    const wish = facts(wanted.state, wanted.due, wanted.satisfied, wanted.breached);
    const ask = async (): Promise<Record<string, string>> => {
      const clock = (await this.all(ticket)).find((entry) => entry.target === target && entry.cycle === cycle);
      if (!clock) return {};
      const [due, satisfied, breached] = [clock.dueAt, clock.satisfiedAt, clock.breachedAt].map(fromTimestampOrUndefined);
      const got = facts(stateOf(clock), due, satisfied, breached);
      return Object.fromEntries(Object.entries(got).filter(([key]) => key in wish));
    };
    await becomes(`${target} ${cycle} of ticket ${ticket.number}`, ask, wish);
  }

  async all(ticket: Ticket): Promise<readonly Clock[]> {
    return (await this.agent.clocks.listClocks({ ticketId: ticket.id })).clocks;
  }

  async preview(openedAt: Date, like: Partial<PreviewDeadlineRequest> = {}): Promise<Preview> {
    const nothing = { packageId: '', type: '', priority: '', channel: '', lane: '', department: '' };
    const request = { ...nothing, ...like, openedAt: toTimestamp(openedAt) };
    const { clocks, notPromised } = await this.agent.clocks.previewDeadline(request);
    return new Preview(clocks, notPromised);
  }
}

function stateOf(clock: Clock): string {
  return given(ClockState[clock.state], 'state').replace('CLOCK_STATE_', '');
}

function facts(state: string | undefined, ...instants: (Date | undefined)[]): Record<string, string> {
  const named = ['due', 'satisfied', 'breached'].map((name, i) => [name, instants[i] && toSecond(instants[i])] as const);
  const all = [['state', state] as const, ...named];
  return Object.fromEntries(all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
