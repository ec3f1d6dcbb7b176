import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Clock } from '#kernel/clock.js';
import { LANES } from './outbox/lanes.js';

const EVERY_MS = 10 * 60_000;
const CHUNK = 5_000;
const DAY_MS = 24 * 60 * 60_000;

export interface Retention {
  /** How long published events can be resumed from and handled ones are remembered; longer than the bus keeps them. */
  readonly days: number;
}

/** Deletes published events and inbox marks that are older than the retention time. Replicas may sweep at once. */
export class Sweeper {
  private readonly logger = new Logger(Sweeper.name);
  private timer?: NodeJS.Timeout;
  private sweeping?: Promise<void>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly retention: Retention,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.sweeping = this.sweep().catch((error: unknown) => this.logger.warn(`could not sweep: ${String(error)}`));
    }, EVERY_MS);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.sweeping;
  }

  async sweep(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - this.retention.days * DAY_MS);
    for (let lane = 0; lane < LANES; lane += 1) {
      while ((await this.sweepLane(lane, before)) === CHUNK);
    }
    // Marks carry the database's time: they are about the bus, whatever the service takes for now.
    await this.dataSource.query(`DELETE FROM inbox WHERE handled_at < now() - $1::integer * interval '1 day'`, [
      this.retention.days,
    ]);
  }

  /** From the lane's oldest position on; what is unpublished stays. */
  private async sweepLane(lane: number, before: Date): Promise<number> {
    const [row]: { swept: number }[] = await this.dataSource.query(
      `WITH oldest AS (
         SELECT position, occurred_at FROM outbox
         WHERE lane = $1
           AND position <= (SELECT position FROM outbox_lanes WHERE lane = $1)
           AND aggregate_id NOT IN (SELECT aggregate_id FROM outbox_failures WHERE abandoned_at IS NULL)
         ORDER BY position LIMIT $2
       ), expired AS (
         DELETE FROM outbox USING oldest
         WHERE outbox.lane = $1 AND outbox.position = oldest.position AND oldest.occurred_at < $3
         RETURNING outbox.position
       ), moved AS (
         UPDATE outbox_head SET swept_to = greatest(swept_to, (SELECT max(position) FROM expired))
         WHERE EXISTS (SELECT FROM expired)
       )
       SELECT count(*)::integer AS swept FROM expired`,
      [lane, CHUNK, before],
    );
    return row!.swept;
  }
}
