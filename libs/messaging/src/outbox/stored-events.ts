import type pg from 'pg';
import type { StoredEvent } from '../cloud-event.js';

export interface PlacedEvent extends StoredEvent {
  readonly position: bigint;
  /** An earlier event of the aggregate was refused by the bus and comes first. */
  readonly held: boolean;
}

const COLUMNS = `position, id, type, aggregate_id, sequence, desk_id, occurred_at, causation_id, trace_id, data::text AS data`;

/** What the lane has not published yet, in order. */
export async function unpublished(client: pg.Client, lane: number, limit: number): Promise<PlacedEvent[]> {
  const { rows } = await client.query<Row>({
    name: 'relay-unpublished',
    text: `
      SELECT ${COLUMNS},
        aggregate_id IN (SELECT aggregate_id FROM outbox_failures WHERE abandoned_at IS NULL) AS held
      FROM outbox
      WHERE lane = $1 AND position > (SELECT position FROM outbox_lanes WHERE lane = $1)
      ORDER BY position LIMIT $2`,
    values: [lane, limit],
  });
  return rows.map(toEvent);
}

/** What a held-back aggregate has missed, from `sequence` to where its lane is now. */
export async function missed(
  client: pg.Client,
  lane: number,
  aggregateId: string,
  sequence: number,
  limit: number,
): Promise<PlacedEvent[]> {
  const { rows } = await client.query<Row>({
    name: 'relay-missed',
    text: `
      SELECT ${COLUMNS}, true AS held
      FROM outbox
      WHERE aggregate_id = $1 AND sequence >= $2
        AND position <= (SELECT position FROM outbox_lanes WHERE lane = $3)
      ORDER BY sequence LIMIT $4`,
    values: [aggregateId, sequence, lane, limit],
  });
  return rows.map(toEvent);
}

interface Row {
  position: string;
  id: string;
  type: string;
  aggregate_id: string;
  sequence: number;
  desk_id: string;
  occurred_at: Date;
  causation_id: string | null;
  trace_id: string | null;
  data: string;
  held: boolean;
}

function toEvent(row: Row): PlacedEvent {
  return {
    position: BigInt(row.position),
    id: row.id,
    type: row.type,
    aggregateId: row.aggregate_id,
    sequence: row.sequence,
    deskId: row.desk_id,
    occurredAt: row.occurred_at,
    causationId: row.causation_id ?? undefined,
    traceId: row.trace_id ?? undefined,
    data: row.data,
    held: row.held,
  };
}
