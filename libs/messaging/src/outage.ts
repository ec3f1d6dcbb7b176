import type { Logger } from '@nestjs/common';

/** Says once that something is away and once that it is back, not at every attempt. */
export class Outage {
  private ongoing = false;

  constructor(
    private readonly logger: Logger,
    private readonly what: string,
  ) {}

  failed(error: unknown): void {
    if (this.ongoing) return;
    this.ongoing = true;
    this.logger.warn(`${this.what}: ${error instanceof Error ? error.message : String(error)}`);
  }

  over(): void {
    if (!this.ongoing) return;
    this.ongoing = false;
    this.logger.log(`${this.what}: over`);
  }
}
