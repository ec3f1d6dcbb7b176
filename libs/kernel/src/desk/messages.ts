import type { MailCategory } from './people.js';
import type { TargetKind } from './timing.js';
import type { Actor, Condition, Duration, Labelled, LocalText, TemplateId } from './vocabulary.js';

/** What happens to mail that comes in. */
export interface EmailPolicy {
  /** Addresses the desk reads. */
  readonly addresses: readonly string[];
  /** Outgoing mail comes from here. */
  readonly from: string;
  /** Whose mail opens a ticket. */
  readonly opens: 'nobody' | 'registered' | 'anyone';
  /** Mail that answers a ticket is added to it, or reaches no queue. */
  readonly replies: 'to_ticket' | 'refused';
  /** Sender unknown and `opens` is `registered`: kept in quarantine and answered. */
  readonly unknownSender?: AutoAnswer;
  /** Mail that this desk does not take: answered with the right way. */
  readonly refused?: AutoAnswer;
  /** The ticket type that mail from a registered address opens. */
  readonly type?: string;
  /** The type that mail from any other address opens, where `opens` is `anyone`. */
  readonly unknownType?: string;
  /** Mail that asks for a priority it cannot have, see `refusals`. */
  readonly priorityRequests?: readonly PriorityRequest[];
}

export interface AutoAnswer {
  readonly template: TemplateId;
  /** Per sender; `once`: never a second time. */
  readonly atMostEvery: Duration | 'once';
}

export interface PriorityRequest {
  readonly priority: string;
  /** Regular expressions, without regard to case. */
  readonly subject: readonly string[];
  /** Mail marked as important asks for it too. */
  readonly importanceHeader: boolean;
  /** What the sender is told. */
  readonly answer: AutoAnswer;
  /** Whether the mail opens no ticket at all, or one with the default priority. */
  readonly outcome: 'not_opened' | 'default_priority';
}

export const NOTIFICATION_EVENTS = [
  'ticket.opened',
  'ticket.confirmation_requested',
  'ticket.information_missing',
  'ticket.replied',
  'ticket.customer_replied',
  'ticket.started',
  'ticket.status_changed',
  'ticket.priority_corrected',
  'ticket.reopened',
  'ticket.resolved',
  'ticket.closed',
  'ticket.parked',
  'ticket.split',
  'ticket.merged',
  'ticket.verification_needed',
  'ticket.colleague_opened',
  'purchase.captured',
  'purchase.authorized',
  'purchase.failed',
  'purchase.voided',
  'purchase.refunded',
  'fair_use.applied',
  'fair_use.lifted',
  'notice.published',
  'notice.updated',
  'notice.ended',
  'account.invited',
  'account.package_changed',
  'chat.transcribed',
  'abuse.reported',
] as const;
export type NotificationEvent = (typeof NOTIFICATION_EVENTS)[number];

export type Recipient =
  | 'requester'
  | 'cc'
  | 'organisation_followers'
  | 'notice_followers'
  | 'affected_customers'
  | 'linked_requesters'
  | 'account';

export interface NotificationsSection {
  readonly rules: readonly NotificationRule[];
  readonly templates: Readonly<Record<TemplateId, Template>>;
  readonly links: LinkPolicy;
}

export interface NotificationRule {
  readonly id: string;
  readonly on: NotificationEvent;
  readonly when?: Condition;
  /** Only for this product's purchases. */
  readonly product?: string;
  readonly to: readonly Recipient[];
  /** Never to the person who caused it. */
  readonly exceptActor: boolean;
  readonly template: TemplateId;
  /** Decides the address, see `accounts.addressKinds`. */
  readonly category: MailCategory;
  /** An agent's own words sent with the same step take the place of this mail. */
  readonly replacedByAgent?: boolean;
}

/**
 * What `{{…}}` in a template may name; `links.<product id>` too. Which of them have a value depends on the event: a
 * mail about a notice has no ticket.
 */
export const TEMPLATE_VARIABLES = [
  'desk.name',
  'desk.web',
  'desk.phone',
  'recipient.name',
  'requester.name',
  'inviter.name',
  'ticket.number',
  'ticket.subject',
  'ticket.status',
  'ticket.priority',
  'ticket.partNumbers',
  'ticket.mergedInto',
  'ticket.missingFields',
  'message.author',
  'message.text',
  'change.reason',
  'chat.transcript',
  'notice.kind',
  'notice.title',
  'notice.text',
  'package.label',
  'package.seats',
  'purchase.label',
  'purchase.price',
  'purchase.net',
  'purchase.tax',
  'purchase.refunded',
  'fairUse.explanation',
  'fairUse.expiresAt',
  'links.ticket',
  'links.notice',
  'links.invitation',
  'links.reset',
  'links.verification',
] as const;

/** Handlebars over plain text. */
export interface Template {
  readonly subject: LocalText;
  readonly body: LocalText;
}

/** Signed links in mails. */
export interface LinkPolicy {
  /** Public address of the desk's interface. */
  readonly base: string;
  readonly ticketExpiresAfter: Duration;
  /** Product id → how long its activation link holds. */
  readonly productExpiresAfter?: Readonly<Record<string, Duration>>;
}

export interface NoticesSection {
  readonly kinds: readonly Labelled[];
  /** `public`: anyone may list them; `signed_in`: in the client area only. */
  readonly visibility: 'public' | 'signed_in';
  readonly followable: boolean;
  /** Tickets can be linked and hear when the notice ends. */
  readonly linkable: boolean;
  /** Who gets a copy by mail without following. */
  readonly copyTo: 'nobody' | 'affected_customers';
}

export interface KnowledgeSection {
  readonly languages: readonly string[];
  /** Shown in this order before a ticket is opened; empty: nothing. */
  readonly beforeTicket: readonly ('notices' | 'articles')[];
  readonly results: number;
  /** Whether an answer solved the matter is asked and recorded. */
  readonly asksWhetherSolved: boolean;
}

export interface RatingsSection {
  readonly question: LocalText;
  readonly on: readonly ('articles' | 'solved_tickets')[];
  readonly tallyShown: boolean;
}

export interface ChatSection {
  readonly calendar: string;
  readonly answerWithin: Duration;
  readonly carries: readonly ('transcript' | 'customer' | 'attachments')[];
  readonly turnedIntoTicketBy: readonly Actor[];
  /** The ticket type a chat with a signed-in customer becomes. */
  readonly type: string;
  /** The type a chat with anybody else becomes. */
  readonly unknownType?: string;
}

/** The response times anyone may ask for. */
export interface ResponseTimesSection {
  readonly visibility: 'anyone' | 'signed_in' | 'agents';
  readonly percentiles: readonly number[];
  readonly by: readonly ('lane' | 'priority' | 'channel')[];
  /** Targets of which the share kept is reported as well. */
  readonly sharesKept: readonly TargetKind[];
  /** How far back. */
  readonly window: Duration;
}

/** What customers can follow besides notices. */
export interface FollowSection {
  /** A mail about each new ticket of a colleague. */
  readonly organisation: boolean;
}
