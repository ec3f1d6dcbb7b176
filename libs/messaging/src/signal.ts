/** Lets one loop sleep until it is woken or it is time to look by itself. A wake-up while nobody sleeps is kept. */
export class Signal {
  private raised = false;
  private wakeSleeper?: () => void;

  raise(): void {
    this.raised = true;
    this.wakeSleeper?.();
  }

  /** True when raised, now or since the last wait; false when the time was up. */
  async wait(limitMs: number): Promise<boolean> {
    if (!this.raised) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, limitMs);
        this.wakeSleeper = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.wakeSleeper = undefined;
    }
    const { raised } = this;
    this.raised = false;
    return raised;
  }
}
