import { RowsStatement } from '#platform/database/rows-statement.js';
import type { Clock } from '../domain/clock.js';
import type { RunningClock } from '../domain/fire-timer.js';

/** A row of `clock` (aliased `c`) as the domain's `Clock`: instants in seconds, what is absent left out. */
export const CLOCK_JSON = `json_strip_nulls(json_build_object(
  'target', c.target, 'cycle', c.cycle, 'state', c.state, 'startedAt', ${seconds('c.started_at')},
  'dueAt', ${seconds('c.due_at')}, 'dueReason', c.due_reason, 'dueChangedAt', ${seconds('c.due_changed_at')},
  'satisfiedAt', ${seconds('c.satisfied_at')}, 'cancelledAt', ${seconds('c.cancelled_at')},
  'usedSeconds', c.used_seconds, 'targetSeconds', c.target_seconds,
  'breachedAt', ${seconds('c.breached_at')}, 'breachReason', c.breach_reason,
  'breaches', c.breaches, 'warnings', c.warnings,
  'policyId', c.policy_id, 'policyVersion', c.policy_version,
  'calendarId', c.calendar_id, 'calendarVersion', c.calendar_version,
  'timeZoneDataVersion', c.time_zone_data_version))`;

export function seconds(column: string): string {
  return `extract(epoch FROM ${column})::bigint`;
}

export interface ClockOfTicket extends Clock {
  readonly ticketId: string;
  readonly deskId: string;
}

export type FiredClock = RunningClock & { readonly ticketId: string };

export const UPSERT_CLOCKS = new RowsStatement<ClockOfTicket>(
  {
    ticketId: 'uuid',
    deskId: 'text',
    target: 'text',
    cycle: 'integer',
    state: 'text',
    startedAt: 'bigint',
    dueAt: 'bigint',
    dueReason: 'text',
    dueChangedAt: 'bigint',
    satisfiedAt: 'bigint',
    cancelledAt: 'bigint',
    usedSeconds: 'bigint',
    targetSeconds: 'bigint',
    breachedAt: 'bigint',
    breachReason: 'text',
    breaches: 'jsonb',
    warnings: 'jsonb',
    policyId: 'text',
    policyVersion: 'integer',
    calendarId: 'text',
    calendarVersion: 'integer',
    timeZoneDataVersion: 'text',
  },
  (rows) => `
    INSERT INTO clock (ticket_id, desk_id, target, cycle, state, started_at, due_at, due_reason, due_changed_at,
      satisfied_at, cancelled_at, used_seconds, target_seconds, breached_at, breach_reason, breaches, warnings,
      policy_id, policy_version, calendar_id, calendar_version, time_zone_data_version)
    SELECT "ticketId", "deskId", target, cycle, state, to_timestamp("startedAt"), to_timestamp("dueAt"), "dueReason",
      to_timestamp("dueChangedAt"), to_timestamp("satisfiedAt"), to_timestamp("cancelledAt"), "usedSeconds",
      "targetSeconds", to_timestamp("breachedAt"), "breachReason", breaches, warnings, "policyId", "policyVersion",
      "calendarId", "calendarVersion", "timeZoneDataVersion"
    FROM ${rows}
    ON CONFLICT (ticket_id, target, cycle) DO UPDATE SET
      state = EXCLUDED.state, started_at = EXCLUDED.started_at, due_at = EXCLUDED.due_at,
      due_reason = EXCLUDED.due_reason, due_changed_at = EXCLUDED.due_changed_at,
      satisfied_at = EXCLUDED.satisfied_at, cancelled_at = EXCLUDED.cancelled_at,
      used_seconds = EXCLUDED.used_seconds, target_seconds = EXCLUDED.target_seconds,
      breached_at = EXCLUDED.breached_at, breach_reason = EXCLUDED.breach_reason,
      breaches = EXCLUDED.breaches, warnings = EXCLUDED.warnings,
      policy_id = EXCLUDED.policy_id, policy_version = EXCLUDED.policy_version,
      calendar_id = EXCLUDED.calendar_id, calendar_version = EXCLUDED.calendar_version,
      time_zone_data_version = EXCLUDED.time_zone_data_version`,
);

/** All that firing a timer changes of its clock. */
export const UPDATE_FIRED_CLOCKS = new RowsStatement<FiredClock>(
  {
    ticketId: 'uuid',
    target: 'text',
    cycle: 'integer',
    state: 'text',
    breachedAt: 'bigint',
    breaches: 'jsonb',
    warnings: 'jsonb',
  },
  (rows) => `
    UPDATE clock SET state = row.state, breached_at = to_timestamp(row."breachedAt"), breaches = row.breaches,
      warnings = row.warnings
    FROM ${rows}
    WHERE clock.ticket_id = row."ticketId" AND clock.target = row.target AND clock.cycle = row.cycle`,
);
