import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { LANES } from './outbox/lanes.js';

const EVERY_MS = 10 * 60_000;
const CHUNK = 5_000;

export interface Retention {
  /** How long published events can be resumed from and handled ones are remembered; longer than the bus keeps them. */
  readonly days: number;
}

/**
 * Deletes published events and inbox marks that are older than the retention time, by the database's time: this is about
 * the bus, whatever the service takes for now. Replicas may sweep at once.
 */
export class Sweeper {
  private readonly logger = new Logger(Sweeper.name);
  private timer?: NodeJS.Timeout;
  private sweeping?: Promise<void>;

  constructor(
    private readonly dataSource: DataSource,
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
    for (let lane = 0; lane < LANES; lane += 1) {
      while ((await this.sweepLane(lane)) === CHUNK);
    }
    await this.dataSource.query(`DELETE FROM inbox WHERE handled_at < now() - $1::integer * interval '1 day'`, [
      this.retention.days,
    ]);
  }

  /**
   * From the lane's oldest position on; what is unpublished stays. The age is that of the event's id, which says when it
   * was written down: an imported event may have occurred years ago.
   */
  private async sweepLane(lane: number): Promise<number> {
    const [row]: { swept: number }[] = await this.dataSource.query(
      `WITH oldest AS (
         SELECT position, uuid_extract_timestamp(id) AS written_at FROM outbox
         WHERE lane = $1
           AND position <= (SELECT position FROM outbox_lanes WHERE lane = $1)
           AND aggregate_id NOT IN (SELECT aggregate_id FROM outbox_failures WHERE abandoned_at IS NULL)
         ORDER BY position LIMIT $2
       ), expired AS (
         DELETE FROM outbox USING oldest
         WHERE outbox.lane = $1 AND outbox.position = oldest.position AND oldest.written_at < now() - $3::integer * interval '1 day'
         RETURNING outbox.position
       ), moved AS (
         UPDATE outbox_head SET swept_to = greatest(swept_to, (SELECT max(position) FROM expired))
         WHERE EXISTS (SELECT FROM expired)
       )
       SELECT count(*)::integer AS swept FROM expired`,
      [lane, CHUNK, this.retention.days],
    );
    return row!.swept;
  }
}
