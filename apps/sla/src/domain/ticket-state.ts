import type { TicketTraits } from '#kernel/desk/lookups.js';
import type { StatusKind } from '#kernel/desk/ticketing.js';
import type { Instant } from './clock.js';
import { tellStory, type Fact } from './facts.js';

/** A ticket as its facts leave it, for reports and for finding it. */
export interface TicketState {
  readonly traits: TicketTraits;
  readonly statusKind: StatusKind;
  readonly openedAt: Instant;
  /** The first public reply of ours. */
  readonly repliedAt?: Instant;
}

/** None before the opening is known. */
export function ticketState(facts: readonly Fact[]): TicketState | undefined {
  const story = tellStory(facts);
  if (story === undefined) return undefined;
  let { traits, statusKind } = story.opened;
  let repliedAt: Instant | undefined;
  for (const fact of story.facts) {
    if (fact.kind === 'class_changed') traits = { ...traits, [fact.dimension]: fact.to };
    else if (fact.kind === 'status_changed') statusKind = fact.toKind;
    else if (fact.kind === 'agent_reply') repliedAt ??= fact.at;
  }
  return { traits, statusKind, openedAt: story.opened.at, ...(repliedAt === undefined ? {} : { repliedAt }) };
}
