import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Clock } from '#kernel/clock.js';
import { Outage } from '#messaging/outage.js';
import { Transactions } from '#platform/database/transactions.js';
import { RulesRepository } from '../persistence/rules.repository.js';
import { BackgroundWork } from './background-work.js';
import { DeskRules } from './desk-rules.js';
import { ExtendCalendars } from './extend-calendars.js';

const LOOK_EVERY_MS = 2_000;

/** Keeps public holidays filled in ahead of time. Each replica looks once a desk's rules and a year; one of them adds. */
@Injectable()
export class CalendarKeeper implements BeforeApplicationShutdown {
  private readonly logger = new Logger(CalendarKeeper.name);
  private readonly looking = new BackgroundWork(
    'calendars',
    new Outage(this.logger, 'public holidays cannot be filled in'),
    () => this.lookAtAll(),
  );
  /** Desk → revision and year that were looked at. */
  private readonly seen = new Map<string, string>();

  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly rules: RulesRepository,
    private readonly deskRules: DeskRules,
    private readonly calendars: ExtendCalendars,
  ) {}

  @Interval(LOOK_EVERY_MS)
  look(): void {
    this.looking.begin();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.looking.stop();
  }

  private async lookAtAll(): Promise<void> {
    const now = this.clock.now();
    for (const [deskId, revision] of await this.rules.revisions(this.rules.read, now)) {
      const state = `${revision}/${now.getUTCFullYear()}`;
      if (this.looking.stopping || this.seen.get(deskId) === state) continue;
      const added = await this.transactions.run((tx) => this.calendars.ahead(tx, deskId));
      // Another replica may have added what this one has not read yet.
      this.deskRules.forget(deskId);
      this.seen.set(deskId, state);
      if (added > 0) this.logger.log(`public holidays of further years are filled in for desk ${deskId}`);
    }
  }
}
