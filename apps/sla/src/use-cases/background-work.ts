import type { Outage } from '#messaging/outage.js';
import { newContext, runInContext } from '#platform/context.js';

/** What a replica does again and again by itself: one run at a time, and a failure is an outage until a run goes well. */
export class BackgroundWork {
  private running?: Promise<void>;
  private stopped = false;

  /** @param name of the runs' context, as logs show it */
  constructor(
    private readonly name: string,
    private readonly outage: Outage,
    private readonly work: () => Promise<void>,
  ) {}

  /** For work that is long: leave the rest to the next run. */
  get stopping(): boolean {
    return this.stopped;
  }

  /** Begins a run, unless one is under way or there are to be no more. */
  begin(): void {
    if (this.stopped) return;
    this.running ??= runInContext(newContext(this.name), () => this.run()).finally(() => (this.running = undefined));
  }

  /** Resolves when the run under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      await this.work();
      this.outage.over();
    } catch (error) {
      this.outage.failed(error);
    }
  }
}
