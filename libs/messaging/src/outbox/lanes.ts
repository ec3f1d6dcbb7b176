/** Aggregates are spread over this many lanes; replicas publish different lanes at the same time. Rows keep their lane. */
export const LANES = 4;

/** The last digits of a UUID are random in every version that we meet. */
export function laneOf(aggregateId: string): number {
  return Number.parseInt(aggregateId.slice(-2), 16) % LANES;
}
