import { v5 as uuidv5 } from 'uuid';
import {
  AccountChanged,
  DeskApplied,
  InvitationSent,
  OrganisationChanged,
} from '#contracts/generated/priolane/events/v1/account_events.js';
import { appendEvent } from '#messaging/outbox/append-event.js';
import type { Transaction } from '#platform/database/transaction.js';
import type { AccountRow } from '../persistence/account.repository.js';
import type { OrganisationRow } from '../persistence/organisation.repository.js';

/** Fixed for ever: the ids of desks on the event bus derive from it. */
const DESKS = 'b3f1f0a4-6f0e-5f63-9a53-6f1b6a0c2d11';

/** The aggregate id of a desk's events: the same for the same desk in every installation. */
export function deskAggregateId(deskId: string): string {
  return uuidv5(deskId, DESKS);
}

/** The rows as they are after the change: `sequence` is the event's. */
export function deskApplied(
  tx: Transaction,
  desk: {
    readonly id: string;
    readonly aggregateId: string;
    readonly version: number;
    readonly sequence: number;
    readonly document: string;
    readonly appliedAt: Date;
  },
): void {
  appendEvent(tx, {
    type: 'desk.applied',
    aggregateId: desk.aggregateId,
    sequence: desk.sequence,
    deskId: desk.id,
    occurredAt: desk.appliedAt,
    data: DeskApplied.toJSON({
      deskId: desk.id,
      version: desk.version,
      document: desk.document,
      appliedAt: desk.appliedAt.toISOString(),
    }) as object,
  });
}

export function organisationEvent(
  tx: Transaction,
  type: 'organisation.created' | 'organisation.changed',
  organisation: OrganisationRow,
  occurredAt: Date,
): void {
  appendEvent(tx, {
    type,
    aggregateId: organisation.id,
    sequence: organisation.sequence,
    deskId: organisation.deskId,
    occurredAt,
    data: OrganisationChanged.toJSON({
      organisationId: organisation.id,
      deskId: organisation.deskId,
      name: organisation.name,
      packageId: organisation.packageId ?? '',
      changedAt: occurredAt.toISOString(),
    }) as object,
  });
}

export function accountEvent(
  tx: Transaction,
  type: 'account.created' | 'account.changed' | 'account.closed',
  account: AccountRow,
  occurredAt: Date,
): void {
  appendEvent(tx, {
    type,
    aggregateId: account.id,
    sequence: account.sequence,
    deskId: account.deskId,
    occurredAt,
    data: AccountChanged.toJSON({
      accountId: account.id,
      deskId: account.deskId,
      organisationId: account.organisationId ?? '',
      name: account.name,
      email: account.email,
      roles: [...account.roles],
      language: account.language,
      active: account.state === 'active',
      changedAt: occurredAt.toISOString(),
    }) as object,
  });
}

export function invitationSent(tx: Transaction, account: AccountRow, link: string, occurredAt: Date): void {
  appendEvent(tx, {
    type: 'invitation.sent',
    aggregateId: account.id,
    sequence: account.sequence,
    deskId: account.deskId,
    occurredAt,
    data: InvitationSent.toJSON({
      accountId: account.id,
      deskId: account.deskId,
      organisationId: account.organisationId ?? '',
      name: account.name,
      email: account.email,
      language: account.language,
      link,
      expiresAt: account.invitationExpiresAt?.toISOString(),
    }) as object,
  });
}
