import type { Actor, ChannelId, Condition, Duration, Labelled, LocalText, Match, Refusal } from './vocabulary.js';

export const STATUS_KINDS = ['NEW', 'OPEN', 'PENDING', 'ON_HOLD', 'SOLVED', 'CLOSED'] as const;
/**
 * What a status means to the product. NEW: nobody began yet; OPEN: we work on it; PENDING: waits for the customer;
 * ON_HOLD: waits for us or a fix; SOLVED: can still be reopened; CLOSED: for good.
 */
export type StatusKind = (typeof STATUS_KINDS)[number];

export interface Status extends Labelled {
  readonly kind: StatusKind;
  readonly description?: LocalText;
}

/** How tickets move between statuses, by hand and by what happens to them. */
export interface StatusFlow {
  readonly initial: string;
  /** Status id → ids an agent may move it to. */
  readonly moves: Readonly<Record<string, readonly string[]>>;
  /** The first entry whose `from` holds the current status decides; none: the status stays. */
  readonly onClaim?: readonly StatusShift[];
  readonly onAgentReply?: readonly StatusShift[];
  readonly onCustomerReply?: readonly StatusShift[];
}

export interface StatusShift {
  readonly from: readonly string[];
  readonly to: string;
}

export interface ReopenPolicy {
  /** A customer reply in a solved status reopens. */
  readonly byCustomerReply: boolean;
  /** The status a reopened ticket has. */
  readonly to: string;
  /** Since it was solved, deadline included; left out: without limit. */
  readonly within?: Duration;
  /** When it can no longer be reopened, a new ticket based on it can be opened. */
  readonly followUpAfter: boolean;
  /** Said when it can no longer be reopened; required where `within` is set or replies do not reopen. */
  readonly refusal?: Refusal;
}

export interface TicketType extends Labelled {
  readonly description?: LocalText;
  readonly priority: 'required' | 'optional' | 'none';
  /** `verified`: only signed in or from the registered address; `anyone`: from anybody, unverified. */
  readonly identity: 'verified' | 'anyone';
}

export interface Priority extends Labelled {
  /** 1 is the most urgent. */
  readonly rank: number;
  readonly description?: LocalText;
  /** Who may give it when a ticket is opened or changed. */
  readonly raisableBy: readonly Actor[];
  /** Ways in by which a ticket may have it from the start; left out: all that are offered. */
  readonly channels?: readonly ChannelId[];
}

export interface PriorityPolicy {
  /** For tickets whose type takes a priority and that name none. */
  readonly default?: string;
  /** Who may correct a wrong priority after opening; every correction is audited. */
  readonly correctableBy: readonly Actor[];
}

export type RefusableAction = 'open' | 'set_priority' | 'reply' | 'attach';

/** A generic "not like this": the first rule that matches an attempt refuses it. */
export interface RefusalRule extends Refusal {
  readonly when: RefusalCondition;
}

export interface RefusalCondition extends Condition {
  readonly actions: readonly RefusableAction[];
  readonly by?: readonly Actor[];
  /** True: whenever any priority is named at all. */
  readonly priorityGiven?: boolean;
}

export interface Channel {
  readonly id: ChannelId;
  readonly label: LocalText;
  readonly offered: boolean;
  /** Who may open a ticket this way: `agent` for calls that an agent writes down. */
  readonly openedBy?: readonly Actor[];
  readonly purpose: LocalText;
  /** In words, for the summary of channels; the promise itself is in `sla`. */
  readonly responseTime: LocalText;
  /** A link, a number or an address. */
  readonly where: string;
  /** Required where `offered` is false. */
  readonly refusal?: Refusal;
}

export interface Lane extends Labelled {
  /** 1 is served first. */
  readonly rank: number;
}

/**
 * Sort keys, each in its own direction: `lane` and `priority` by rank, `score` highest first, `due` earliest first
 * (tickets without a due instant last), `opened` oldest first.
 */
export type QueueKey = 'lane' | 'priority' | 'score' | 'due' | 'opened';

export interface QueuePolicy {
  readonly defaultLane: string;
  readonly order: readonly QueueKey[];
}

/** The score is Σ weight × points, points 0–100, divided by Σ weight, rounded half up; each summand explains itself. */
export interface Assessment {
  readonly criteria: readonly Criterion[];
  /** The first band whose `from` the score reaches. */
  readonly bands: readonly (Labelled & { readonly from: number })[];
}

export interface Criterion extends Labelled {
  readonly weight: number;
  /** The form field whose answer is assessed. */
  readonly field: string;
  /** Answer → points; an answer that is not listed, or none, has `otherwise`. */
  readonly points: Readonly<Record<string, number>>;
  readonly otherwise: number;
}

export interface TicketRules {
  /** Numbers count up from `first`; the tag, with `{number}`, marks subjects of mails. */
  readonly numbering: { readonly first: number; readonly subjectTag: string };
  /** `{organisation}` and `{subject}` are filled in; a subject already in that form is kept as it is. */
  readonly subject: { readonly template: string; readonly maxLength: number };
  readonly splitting: SplitPolicy;
  readonly merging: { readonly by: readonly Actor[]; readonly told: boolean };
  /** Setting aside a ticket that holds several questions until an agent splits it. */
  readonly parking?: { readonly status: string; readonly by: readonly Actor[]; readonly message: LocalText };
  /** Which tickets a customer sees and works on. */
  readonly visibility: 'own' | 'organisation';
  readonly views: readonly TicketView[];
  /** How many earlier tickets of the account stand beside a ticket. */
  readonly earlierTickets: number;
  readonly attachments: AttachmentPolicy;
}

export interface SplitPolicy {
  readonly by: readonly Actor[];
  readonly keeps: readonly ('links' | 'chosen_messages' | 'opening_time' | 'requester' | 'cc' | 'fields')[];
  readonly told: boolean;
}

export interface TicketView extends Labelled {
  readonly tickets: 'requested' | 'cc' | 'organisation';
  readonly statusKinds?: readonly StatusKind[];
}

export interface AttachmentPolicy {
  readonly maxBytes: number;
  readonly maxPerMessage: number;
  /** Media types, `image/*` allowed. */
  readonly accepts: readonly string[];
}

/** Which tickets become unbound and silent until it is known who writes. */
export interface VerificationPolicy {
  readonly label: LocalText;
  readonly linkExpiresAfter: Duration;
  /** Answers to an unverified ticket say this and nothing else. */
  readonly discloses: LocalText;
}

export interface FairUsePolicy {
  readonly lane: string;
  readonly expiresAfter: Duration;
  readonly liftedBy: readonly Actor[];
  readonly grounds: readonly FairUseGround[];
  /** Tickets in these lanes keep their place. */
  readonly exempt: Match;
}

/** `count` occurrences within `window` are still fair; one more is not. */
export interface FairUseGround extends Labelled {
  readonly kind: 'messages' | 'documented_questions' | 'earlier_steps_ignored';
  readonly count: number;
  readonly window: Duration;
  /** Told to the customer. */
  readonly explanation: LocalText;
}
