import { type Caller, isStaff } from '#kernel/caller.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { channelOf, matches, textIn, type TicketTraits } from '#kernel/desk/lookups.js';
import type { RefusableAction } from '#kernel/desk/ticketing.js';
import type { Actor, ChannelId, Refusal } from '#kernel/desk/vocabulary.js';
import { DomainError } from '#kernel/errors.js';

/** What somebody tries to do, as the desk's refusal rules look at it. */
export interface Attempt {
  readonly action: RefusableAction;
  readonly traits: TicketTraits;
  readonly fields: Readonly<Record<string, string>>;
  readonly priorityGiven: boolean;
  readonly signedIn: boolean;
  readonly language?: string;
}

/** The caller as the desk file speaks of people. */
export function actorOf(caller: Caller): Actor {
  for (const role of ['admin', 'lead', 'agent', 'finance', 'account_manager'] as const) {
    if (caller.roles.includes(role)) return role;
  }
  return caller.roles.includes('service') ? 'system' : 'customer';
}

/** Leads do what agents do, account managers what customers do. */
export function isOneOf(actors: readonly Actor[], actor: Actor): boolean {
  if (actors.includes(actor)) return true;
  if (actor === 'lead' || actor === 'admin') return actors.includes('agent');
  return actor === 'account_manager' && actors.includes('customer');
}

/**
 * Refuses what the desk refuses, with the desk's own reason and words (FLT-2 URGENT_BY_PHONE, HST-4, SHP-4, SHP-12). The
 * customer's text goes back in the error's metadata, so that nothing is lost.
 */
export function refuseWhatTheDeskRefuses(desk: DeskDocument, caller: Caller, attempt: Attempt, text: string): void {
  const rule = desk.refusals.find(({ when }) => holds(when, caller, attempt));
  if (rule) throw refusal(desk, rule, text, attempt.language);
}

/** A way in that the desk does not offer is refused with the reason and the right way (SHP-12). */
export function refuseClosedChannel(desk: DeskDocument, caller: Caller, channelId: ChannelId, text: string): void {
  const channel = channelOf(desk, channelId);
  if (!channel) {
    const offered = desk.channels.filter((c) => c.offered).map((c) => c.id);
    throw new DomainError('STATE', 'CHANNEL_NOT_OFFERED', `this desk has no channel ${channelId}`, {
      metadata: { offered: offered.join(','), body: text },
    });
  }
  if (!channel.offered) {
    throw refusal(
      desk,
      channel.refusal ?? { reason: 'CHANNEL_NOT_OFFERED', message: channel.purpose, metadata: { where: channel.where } },
      text,
    );
  }
  if (channel.openedBy && !isOneOf(channel.openedBy, actorOf(caller))) {
    throw new DomainError('FORBIDDEN', 'CHANNEL_NOT_FOR_CALLER', `tickets by ${channelId} are opened by others`, {
      metadata: { opened_by: channel.openedBy.join(','), where: channel.where, body: text },
    });
  }
}

/**
 * A priority that is not the caller's to give, or, when a ticket is opened, not by this way in (FLT-2, SHP-4, HST-4). An
 * unknown one is for the caller of this to refuse.
 */
export function refuseReservedPriority(
  desk: DeskDocument,
  caller: Caller,
  id: string,
  text: string,
  channel?: ChannelId,
): void {
  const priority = desk.priorities.find((p) => p.id === id);
  if (!priority) return;
  const metadata = { priority: id, raisable_by: priority.raisableBy.join(','), body: text };
  if (!isOneOf(priority.raisableBy, actorOf(caller))) {
    throw new DomainError('STATE', 'PRIORITY_NOT_CHOSEN', `the priority ${id} is not given by the caller`, { metadata });
  }
  if (channel && priority.channels && !priority.channels.includes(channel)) {
    throw new DomainError('STATE', 'PRIORITY_NOT_BY_CHANNEL', `the priority ${id} is not given by ${channel}`, {
      metadata: { ...metadata, channels: priority.channels.join(',') },
    });
  }
}

export function refusal(desk: DeskDocument, rule: Refusal, text: string, language?: string): DomainError {
  return new DomainError('STATE', rule.reason, textIn(desk, rule.message, language), {
    metadata: { ...rule.metadata, body: text },
  });
}

function holds(when: DeskDocument['refusals'][number]['when'], caller: Caller, attempt: Attempt): boolean {
  return (
    when.actions.includes(attempt.action) &&
    (when.by === undefined || isOneOf(when.by, actorOf(caller))) &&
    (when.priorityGiven === undefined || when.priorityGiven === attempt.priorityGiven) &&
    (when.signedIn === undefined || when.signedIn === attempt.signedIn) &&
    (when.verified === undefined || when.verified === (attempt.signedIn || isStaff(caller))) &&
    (when.fields === undefined ||
      Object.entries(when.fields).every(([id, values]) => values.includes(attempt.fields[id] ?? ''))) &&
    matches(when, attempt.traits)
  );
}
