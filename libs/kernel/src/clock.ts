/** The one source of "now". Rules take an instant as an argument; only use cases and adapters hold a clock. */
export abstract class Clock {
  /** The current instant. Instants are `Date`s and are never changed in place. */
  abstract now(): Date;
}

export class SystemClock extends Clock {
  now(): Date {
    return new Date(Date.now());
  }
}
