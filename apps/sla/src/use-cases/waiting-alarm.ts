import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Gauge } from 'prom-client';
import { Clock } from '#kernel/clock.js';
import { Outage } from '#messaging/outage.js';
import { Transactions } from '#platform/database/transactions.js';
import { MetricsRegistry } from '#platform/health/metrics.js';
import { type WaitingTicket, WaitingTicketRepository } from '../persistence/waiting-ticket.repository.js';
import { BackgroundWork } from './background-work.js';

const LOOK_EVERY_MS = 2_000;
/** Events may overtake each other by moments; history that is moved in comes event by event. */
const PATIENCE_MS = 60_000;
const WARNED_AT_ONCE = 100;

/** Says that tickets wait for an event which does not come: while they do, nothing of theirs becomes due. */
@Injectable()
export class WaitingAlarm implements BeforeApplicationShutdown {
  private readonly logger = new Logger(WaitingAlarm.name);
  private readonly looking = new BackgroundWork(
    'waiting',
    new Outage(this.logger, 'waiting tickets cannot be looked for'),
    () => this.lookOnce(),
  );
  private readonly count: Gauge;
  private readonly oldest: Gauge;

  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly waiting: WaitingTicketRepository,
    registry: MetricsRegistry,
  ) {
    const registers = [registry];
    this.count = new Gauge({
      name: 'priolane_sla_waiting_tickets',
      help: 'Tickets whose clocks stand still as an event of theirs has not arrived; the same in each replica',
      registers,
    });
    this.oldest = new Gauge({
      name: 'priolane_sla_waiting_tickets_oldest_seconds',
      help: 'For how long the first of them has been waiting; 0 where none is',
      registers,
    });
  }

  @Interval(LOOK_EVERY_MS)
  look(): void {
    this.looking.begin();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.looking.stop();
  }

  private async lookOnce(): Promise<void> {
    const now = this.clock.now();
    const { count, oldest } = await this.waiting.summary();
    this.count.set(count);
    this.oldest.set(oldest ? Math.max(0, (now.getTime() - oldest.getTime()) / 1000) : 0);
    if (count > 0) await this.warn(now);
  }

  /** Once a ticket, whichever replica is first. */
  private async warn(now: Date): Promise<void> {
    const before = new Date(now.getTime() - PATIENCE_MS);
    const tickets = await this.transactions.run((tx) => this.waiting.takeToWarn(tx, before, now, WARNED_AT_ONCE));
    for (const ticket of tickets) this.logger.warn(warningOf(ticket));
  }
}

function warningOf({ ticketId, deskId, number, missingSequence, since, dueAt }: WaitingTicket): string {
  const name = number === '' ? ticketId : `${number} (${ticketId})`;
  const due = dueAt ? `, what is due ${dueAt.toISOString()} will not be noticed` : '';
  return `ticket ${name} of desk ${deskId} waits for its event ${missingSequence} since ${since.toISOString()}${due}`;
}
