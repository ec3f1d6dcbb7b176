import type { PriceVersion, ProductSpec } from './commerce.js';
import type { DeskDocument } from './document.js';
import type { FormSpec } from './forms.js';
import type { Channel, Lane, Priority, Status, StatusShift, TicketType } from './ticketing.js';
import { TARGET_KINDS, type PolicyLine, type TargetKind, type Targets } from './timing.js';
import type { ChannelId, LocalText, Match } from './vocabulary.js';

/** What decides which policy line and which form a ticket has. */
export interface TicketTraits {
  readonly package?: string;
  readonly type?: string;
  readonly department?: string;
  readonly priority?: string;
  readonly channel?: ChannelId;
  readonly lane?: string;
}

export function matches(match: Match | undefined, traits: TicketTraits): boolean {
  if (match === undefined) return true;
  return (
    holds(match.packages, traits.package) &&
    holds(match.types, traits.type) &&
    holds(match.departments, traits.department) &&
    holds(match.priorities, traits.priority) &&
    holds(match.channels, traits.channel) &&
    holds(match.lanes, traits.lane)
  );
}

function holds(allowed: readonly string[] | undefined, value: string | undefined): boolean {
  return allowed === undefined || (value !== undefined && allowed.includes(value));
}

/** Position of the first policy line that matches, or -1. */
export function policyIndexFor(desk: DeskDocument, traits: TicketTraits): number {
  return desk.sla.policies.findIndex((line) => matches(line.match, traits));
}

/** The policy line a ticket has; none where nothing is promised. */
export function policyFor(desk: DeskDocument, traits: TicketTraits): PolicyLine | undefined {
  return desk.sla.policies[policyIndexFor(desk, traits)];
}

/** All five targets of a line, with `NONE` for those it leaves out. */
export function targetsOf(line: PolicyLine): Required<Targets> {
  const none = Object.fromEntries(TARGET_KINDS.map((kind) => [kind, 'NONE'])) as Record<TargetKind, 'NONE'>;
  return { ...none, ...line.targets };
}

export function statusOf(desk: DeskDocument, id: string): Status {
  return entry(desk.statuses, 'status', id);
}

export function initialStatus(desk: DeskDocument): Status {
  return statusOf(desk, desk.statusFlow.initial);
}

/** Where an event takes a ticket from this status; none: it stays. */
export function shiftFrom(shifts: readonly StatusShift[] | undefined, status: string): string | undefined {
  return shifts?.find((shift) => shift.from.includes(status))?.to;
}

export function typeOf(desk: DeskDocument, id: string): TicketType {
  return entry(desk.ticketTypes, 'ticket type', id);
}

export function priorityOf(desk: DeskDocument, id: string): Priority {
  return entry(desk.priorities, 'priority', id);
}

export function laneOf(desk: DeskDocument, id: string): Lane {
  return entry(desk.lanes, 'lane', id);
}

/** None: the desk does not even mention the channel. */
export function channelOf(desk: DeskDocument, id: ChannelId): Channel | undefined {
  return desk.channels.find((channel) => channel.id === id);
}

/** The form a ticket is opened with; the last form of a desk holds for all. */
export function formFor(desk: DeskDocument, traits: TicketTraits): FormSpec {
  const form = desk.forms.find((candidate) => matches(candidate.match, traits)) ?? desk.forms.at(-1);
  if (form === undefined) throw new RangeError(`desk ${desk.id} has no form for this ticket`);
  return form;
}

/** The price in force at an instant; none before the first. */
export function priceAt(product: ProductSpec, at: Date): PriceVersion | undefined {
  return product.prices.findLast((price) => Date.parse(price.from) <= at.getTime());
}

/** The words in a language, or in the desk's first. */
export function textIn(desk: DeskDocument, text: LocalText, language?: string): string {
  const words = (language === undefined ? undefined : text[language]) ?? text[desk.languages[0] ?? ''];
  if (words === undefined) throw new RangeError(`desk ${desk.id} has a text without its first language`);
  return words;
}

/** For ids that were checked when they came in: an unknown one is a defect, not a refusal. */
function entry<T extends { readonly id: string }>(list: readonly T[], what: string, id: string): T {
  const found = list.find((candidate) => candidate.id === id);
  if (found === undefined) throw new RangeError(`unknown ${what}: ${id}`);
  return found;
}
