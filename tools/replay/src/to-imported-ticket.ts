import type { ImportedEntry, ImportedTicket } from '#contracts/generated/priolane/tickets/v1/intake.js';
import { fromEpochSeconds } from '#kernel/business-time/dates.js';
import { TimeZone } from '#kernel/business-time/time-zone.js';
import { openingInstant } from '#kernel/business-time/wall-time.js';
import { toTimestamp } from '#platform/grpc/timestamps.js';
import type { AuditRow, Incident } from './read-incidents.js';

/** Wall times of the audit log are in it. */
const ZONE = TimeZone.named('America/Sao_Paulo')!;
const WALL_TIME = /^(\d\d)-(\d\d)-(\d{4}) (\d\d):(\d\d)$/;
/** Wider than any offset is far from UTC. */
const AROUND = 2 * 86_400;

/** An incident opens as New, whatever its first row says: that row is its first update. */
const OPENING_STATE = 'new';

/**
 * An incident as a ticket with its history: each change of priority or state, in the order of `sys_updated_at` and then
 * `sys_mod_count`. A row that claims to be older than the incident counts at the opening.
 */
export function toImportedTicket(incident: Incident): ImportedTicket {
  const rows = inOrder(incident);
  const [first] = rows;
  const openedAt = instantOf(first.opened_at);
  return {
    externalReference: first.number,
    subject: [first.category, first.subcategory].filter(isKnown).join(' / ') || first.number,
    description: description(first),
    type: 'incident',
    department: '',
    priority: priorityId(first.priority),
    channel: first.contact_type.toLowerCase(),
    requester: {
      name: isKnown(first.caller_id) ? first.caller_id : 'Unknown caller',
      email: '',
      organisationId: '',
      packageId: '',
    },
    openedAt: timestamp(openedAt),
    history: history(rows, openedAt),
  };
}

/** `29-02-2016 01:16` in São Paulo, in epoch seconds; of a repeated hour the first, of a skipped one its end. */
export function instantOf(text: string): number {
  const [day, month, year, hour, minute] = (WALL_TIME.exec(text) ?? []).slice(1).map(Number);
  if (minute === undefined) throw new RangeError(`not a wall time DD-MM-YYYY HH:MM: ${text}`);
  const wall = Date.UTC(year!, month! - 1, day, hour, minute) / 1000;
  return openingInstant(ZONE.spans(wall - AROUND, wall + AROUND), wall);
}

function inOrder(incident: Incident): Incident {
  const [first, ...others] = incident.toSorted(byTime);
  return [first!, ...others];
}

function byTime(a: AuditRow, b: AuditRow): number {
  const difference = instantOf(a.sys_updated_at) - instantOf(b.sys_updated_at);
  return difference || Number(a.sys_mod_count) - Number(b.sys_mod_count);
}

function history(rows: Incident, openedAt: number): ImportedEntry[] {
  const entries: ImportedEntry[] = [];
  let { priority } = rows[0];
  let state = OPENING_STATE;
  for (const row of rows) {
    const occurredAt = timestamp(Math.max(instantOf(row.sys_updated_at), openedAt));
    if (row.priority !== priority) {
      priority = row.priority;
      entries.push({ occurredAt, priority: priorityId(priority) });
    }
    if (statusId(row.incident_state) !== state) {
      state = statusId(row.incident_state);
      entries.push({ occurredAt, status: state });
    }
  }
  return entries;
}

function description(row: AuditRow): string {
  return [
    `Incident ${row.number}, reported by ${row.contact_type.toLowerCase()}.`,
    ...[row.u_symptom, row.location].filter(isKnown),
  ].join('\n');
}

/** `Awaiting User Info` is `awaiting_user_info`. */
function statusId(state: string): string {
  return state.toLowerCase().replaceAll(' ', '_');
}

/** `3 - Moderate` is `moderate`. */
function priorityId(priority: string): string {
  return priority.replace(/^\d+ - /, '').toLowerCase();
}

function isKnown(value: string): boolean {
  return value !== '' && value !== '?';
}

function timestamp(instant: number): { seconds: string; nanos: number } {
  return toTimestamp(fromEpochSeconds(instant));
}
