import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '#kernel/clock.js';

const EVERY_MS = 60 * 60_000;
/** Longer than any desk makes anybody wait. */
const KEEP_MS = 30 * 24 * 60 * 60_000;

/** Deletes sessions a month after their end, with their refresh tokens, and attempts to sign in that no longer count. */
@Injectable()
export class SessionSweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(SessionSweeper.name);
  private timer?: NodeJS.Timeout;
  private sweeping?: Promise<void>;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.sweeping = this.sweep().catch((error: unknown) => this.logger.warn(`could not sweep: ${String(error)}`));
    }, EVERY_MS);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.sweeping;
  }

  async sweep(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - KEEP_MS);
    await this.dataSource.query('DELETE FROM sessions WHERE expires_at < $1', [before]);
    await this.dataSource.query('DELETE FROM sign_in_attempts WHERE last_at < $1', [before]);
  }
}
