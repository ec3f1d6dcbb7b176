import type { Timestamp } from '#contracts/generated/google/protobuf/timestamp.js';

/** A `Date` is never passed as a Timestamp itself: the loader would silently send the epoch. */
export function toTimestamp(date: Date): Timestamp {
  const milliseconds = date.getTime();
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds: String(seconds), nanos: (milliseconds - seconds * 1000) * 1_000_000 };
}

/** Null for what has not happened (yet). */
export function toTimestampOrNull(date: Date | null | undefined): Timestamp | null {
  return date ? toTimestamp(date) : null;
}

/** To the millisecond. */
export function fromTimestamp(timestamp: Timestamp): Date {
  return new Date(Number(timestamp.seconds) * 1000 + Math.floor(timestamp.nanos / 1_000_000));
}

export function fromTimestampOrUndefined(timestamp: Timestamp | null | undefined): Date | undefined {
  return timestamp ? fromTimestamp(timestamp) : undefined;
}
