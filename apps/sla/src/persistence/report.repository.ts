import { Injectable } from '@nestjs/common';
import { Transactions } from '#platform/database/transactions.js';

export interface ListedBreach {
  readonly id: string;
  readonly ticketId: string;
  readonly number: string;
  readonly target: string;
  readonly cycle: number;
  readonly dueAt: Date;
  readonly occurredAt: Date;
  readonly recordedAt: Date;
  readonly reason: string;
  readonly revokedAt: Date | null;
  readonly revokeReason: string;
}

export interface BreachFilter {
  readonly from?: Date;
  /** Excluded. */
  readonly to?: Date;
  readonly target?: string;
  readonly includeRevoked: boolean;
  readonly before?: { readonly occurredAt: string; readonly id: string };
  readonly limit: number;
}

export interface ComplianceCount {
  readonly target: string;
  readonly packageId: string;
  readonly priority: string;
  readonly month: string;
  readonly met: string;
  readonly breached: string;
  readonly running: string;
}

export interface LaneTime {
  readonly lane: string;
  readonly answered: string;
  readonly median: string;
  readonly p90: string;
}

/** Reads for people who want to know how a desk does. */
@Injectable()
export class ReportRepository {
  constructor(private readonly transactions: Transactions) {}

  /** Newest first. */
  async breaches(deskId: string, filter: BreachFilter): Promise<ListedBreach[]> {
    return this.transactions.read<ListedBreach>(
      `SELECT id, ticket_id AS "ticketId", ticket_number AS number, target, cycle, due_at AS "dueAt",
         occurred_at AS "occurredAt", recorded_at AS "recordedAt", reason, revoked_at AS "revokedAt",
         revoke_reason AS "revokeReason"
       FROM breach
       WHERE desk_id = $1 AND occurred_at >= $2 AND occurred_at < $3 AND (occurred_at, id) < ($6, $7::uuid)
         AND ($4::text IS NULL OR target = $4) AND ($5::boolean OR revoked_at IS NULL)
       ORDER BY occurred_at DESC, id DESC LIMIT $8`,
      [
        deskId,
        filter.from ?? '-infinity',
        filter.to ?? 'infinity',
        filter.target ?? null,
        filter.includeRevoked,
        filter.before?.occurredAt ?? 'infinity',
        filter.before?.id ?? '00000000-0000-0000-0000-000000000000',
        filter.limit,
      ],
    );
  }

  /**
   * By the month of the due instant; a clock that is paused has none and counts in the month it started. Cancelled
   * clocks count nowhere.
   */
  async compliance(
    deskId: string,
    timeZone: string,
    filter: { readonly from?: Date; readonly to?: Date; readonly target?: string },
  ): Promise<ComplianceCount[]> {
    return this.transactions.report<ComplianceCount>(
      `SELECT c.target, coalesce(t.package_id, '') AS "packageId", coalesce(t.priority, '') AS priority,
         to_char(coalesce(c.due_at, c.started_at) AT TIME ZONE $2, 'YYYY-MM') AS month,
         count(*) FILTER (WHERE c.state = 'MET') AS met,
         count(*) FILTER (WHERE c.state = 'BREACHED') AS breached,
         count(*) FILTER (WHERE c.state IN ('RUNNING', 'PAUSED')) AS running
       FROM clock c JOIN sla_ticket t ON t.ticket_id = c.ticket_id
       WHERE c.desk_id = $1 AND c.state <> 'CANCELLED'
         AND ($3::timestamptz IS NULL OR coalesce(c.due_at, c.started_at) >= $3)
         AND ($4::timestamptz IS NULL OR coalesce(c.due_at, c.started_at) < $4)
         AND ($5::text IS NULL OR c.target = $5)
       GROUP BY 1, 2, 3, 4 ORDER BY 4, 1, 2, 3`,
      [deskId, timeZone, filter.from ?? null, filter.to ?? null, filter.target ?? null],
    );
  }

  /** From the opening to our first public reply, in elapsed seconds, of tickets answered since then; moved-in history left out. */
  async responseTimes(deskId: string, since: Date): Promise<LaneTime[]> {
    return this.transactions.report<LaneTime>(
      `SELECT coalesce(lane, '') AS lane, count(*) AS answered,
         round(percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds))::bigint AS median,
         round(percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds))::bigint AS p90
       FROM (
         SELECT lane, extract(epoch FROM replied_at - opened_at)::double precision AS seconds FROM sla_ticket
         WHERE desk_id = $1 AND replied_at IS NOT NULL AND NOT imported AND replied_at >= $2
       ) AS answered GROUP BY lane ORDER BY 1`,
      [deskId, since],
    );
  }
}
