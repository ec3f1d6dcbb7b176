import type { BusOptions } from '../src/bus/open-bus.js';

export interface BusUnderTest {
  /** A bus with nothing on it. */
  readonly options: () => BusOptions;
  /** Missing where the bus was given and is not ours to stop. */
  readonly outage?: { begin(): Promise<void>; end(): Promise<void> };
}
