import type { StatusKind } from '#kernel/desk/ticketing.js';
import type { TicketTraits } from '#kernel/desk/lookups.js';
import type { Instant } from './clock.js';

/**
 * What one event of a ticket says to its clocks. **Every** event of the ticket is a fact, if only `other`: a number that
 * is missing means that an event is still on its way. An event given up for good is replaced by `other`.
 *
 * | event | fact |
 * |---|---|
 * | `ticket.opened` | `opened` |
 * | `ticket.message_added`, author customer | `customer_message` |
 * | `ticket.message_added`, author agent, neither internal nor automatic | `agent_reply` |
 * | `ticket.status_changed`, `.resolved`, `.reopened` | `status_changed` |
 * | `ticket.priority_changed`, `.lane_changed`, `.package_changed`, `.type_changed`, … | `class_changed` |
 * | everything else: internal notes, automatic messages, assignments, unknown types | `other` |
 */
export type Fact = Opened | Said | StatusChanged | ClassChanged;

interface Numbered {
  /** The ticket's gap-free sequence: the order in which things happened, whatever their instants say. */
  readonly sequence: number;
  /** When it was so, not when it was heard of. */
  readonly at: Instant;
}

export interface Opened extends Numbered {
  readonly kind: 'opened';
  readonly traits: TicketTraits;
  readonly status: string;
  readonly statusKind: StatusKind;
  /** The last fact of a history that was moved in: before it is here, what is known is not whole. */
  readonly historySequence?: number;
}

export interface Said extends Numbered {
  readonly kind: 'customer_message' | 'agent_reply' | 'other';
}

export interface StatusChanged extends Numbered {
  readonly kind: 'status_changed';
  readonly to: string;
  readonly toKind: StatusKind;
  /** False where a customer's reply or a timer moved the ticket (cause `customer_reply` or `lifecycle`): no reaction of ours. */
  readonly byUs: boolean;
}

export type Dimension = keyof TicketTraits;

export interface ClassChanged extends Numbered {
  readonly kind: 'class_changed';
  readonly dimension: Dimension;
  /** Absent: it has none any more. */
  readonly to?: string;
}

/** The facts in order, without repetitions, up to the first gap. */
export interface Story {
  readonly opened: Opened;
  /** What followed. */
  readonly facts: readonly Fact[];
  /** The first sequence that is missing although a later one is known, or known to come. */
  readonly missingSequence?: number;
}

/** None before the opening is known. Facts may come in any order and more than once. */
export function tellStory(facts: readonly Fact[]): Story | undefined {
  const inOrder = isInOrder(facts) ? facts : [...facts].sort((a, b) => a.sequence - b.sequence);
  const start = inOrder.findIndex((fact) => fact.kind === 'opened');
  const opened = inOrder[start];
  if (opened?.kind !== 'opened') return undefined;
  const following: Fact[] = [];
  let sequence = opened.sequence;
  for (let index = start + 1; index < inOrder.length; index++) {
    const fact = inOrder[index]!;
    if (fact.sequence === sequence) continue;
    if (fact.sequence !== sequence + 1) return { opened, facts: following, missingSequence: sequence + 1 };
    following.push(fact);
    sequence = fact.sequence;
  }
  const isWhole = sequence >= (opened.historySequence ?? 0);
  return { opened, facts: following, ...(isWhole ? {} : { missingSequence: sequence + 1 }) };
}

function isInOrder(facts: readonly Fact[]): boolean {
  return facts.every((fact, index) => index === 0 || facts[index - 1]!.sequence <= fact.sequence);
}
