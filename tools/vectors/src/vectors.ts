import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ComputeBusinessTimeRequest, ComputeBusinessTimeResponse } from '#contracts/generated/priolane/sla/v1/calendar.js';
import type { Timestamp } from '#contracts/generated/google/protobuf/timestamp.js';
import { fromTimestamp, toTimestamp } from '#platform/grpc/timestamps.js';

const instant = z.iso.datetime();
/** `{tz, weekly, exceptions}`: what it holds is for the service to judge. */
const calendar = z.record(z.string(), z.unknown());

const vector = z.discriminatedUnion('op', [
  z.object({ op: z.literal('add'), calendar, start: instant, seconds: z.int(), due: instant }),
  z.object({ op: z.literal('elapsed'), calendar, from: instant, to: instant, seconds: z.int() }),
]);

/** One case: `add`, the due instant after so many open seconds, or `elapsed`, the open seconds between two instants. */
export type Vector = z.infer<typeof vector>;

const vectorFile = z.object({ vectors: z.array(vector).min(1) });

export function readVectors(path: string): Vector[] {
  const read = vectorFile.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!read.success) throw new Error(`${path}: ${z.prettifyError(read.error)}`);
  return read.data.vectors;
}

export function toRequest(vector: Vector): ComputeBusinessTimeRequest {
  const definition = JSON.stringify(vector.calendar);
  return vector.op === 'add'
    ? { definition, start: timestamp(vector.start), addSeconds: String(vector.seconds) }
    : { definition, start: timestamp(vector.from), until: timestamp(vector.to) };
}

/** `2026-07-01T00:15:00Z`, or open seconds. */
export function expectedAnswer(vector: Vector): string {
  return vector.op === 'add' ? instantText(new Date(vector.due)) : String(vector.seconds);
}

/** In the form of `expectedAnswer`. */
export function answerTo(vector: Vector, { dueAt, openSeconds }: ComputeBusinessTimeResponse): string {
  if (vector.op === 'elapsed') return openSeconds;
  return dueAt ? instantText(fromTimestamp(dueAt)) : 'no due instant';
}

function timestamp(text: string): Timestamp {
  return toTimestamp(new Date(text));
}

function instantText(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z');
}
