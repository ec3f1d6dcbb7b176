import { RowsStatement } from '#platform/database/rows-statement.js';
import type { Instant } from '../domain/clock.js';

export interface BreachRow {
  readonly id: string;
  readonly deskId: string;
  readonly ticketId: string;
  readonly number: string;
  readonly target: string;
  readonly cycle: number;
  readonly dueAt: Instant;
  readonly occurredAt: Instant;
  readonly recordedAt: Date;
  readonly reason: string;
}

export interface RevokedBreach {
  readonly ticketId: string;
  readonly target: string;
  readonly cycle: number;
  /** Which one: no two that stand share an instant. */
  readonly occurredAt: Instant;
  readonly revokedAt: Date;
  readonly reason: string;
}

export const INSERT_BREACHES = new RowsStatement<BreachRow>(
  {
    id: 'uuid',
    deskId: 'text',
    ticketId: 'uuid',
    number: 'text',
    target: 'text',
    cycle: 'integer',
    dueAt: 'bigint',
    occurredAt: 'bigint',
    recordedAt: 'timestamptz',
    reason: 'text',
  },
  (rows) => `
    INSERT INTO breach (id, desk_id, ticket_id, ticket_number, target, cycle, due_at, occurred_at, recorded_at, reason)
    SELECT id, "deskId", "ticketId", number, target, cycle, to_timestamp("dueAt"), to_timestamp("occurredAt"),
      "recordedAt", reason
    FROM ${rows}`,
);

/** Nothing is deleted (SLA-10). */
export const REVOKE_BREACHES = new RowsStatement<RevokedBreach>(
  { ticketId: 'uuid', target: 'text', cycle: 'integer', occurredAt: 'bigint', revokedAt: 'timestamptz', reason: 'text' },
  (rows) => `
    UPDATE breach SET revoked_at = row."revokedAt", revoke_reason = row.reason
    FROM ${rows}
    WHERE breach.ticket_id = row."ticketId" AND breach.target = row.target AND breach.cycle = row.cycle
      AND breach.occurred_at = to_timestamp(row."occurredAt") AND breach.revoked_at IS NULL`,
);
