import type { DeskDocument } from '#kernel/desk/document.js';
import type { TicketTraits } from '#kernel/desk/lookups.js';
import type { NotificationEvent } from '#kernel/desk/messages.js';
import type { MailCategory } from '#kernel/desk/people.js';
import type { TemplateId } from '#kernel/desk/vocabulary.js';

export interface Person {
  /** None for guests and for people known only by what they wrote. */
  readonly accountId?: string;
  readonly name: string;
  readonly email: string;
  /** BCP 47, where the account has one. */
  readonly language?: string;
}

/** A ticket as far as mails need it. */
export interface KnownTicket {
  readonly id: string;
  readonly deskId: string;
  readonly number: string;
  readonly subject: string;
  readonly language: string;
  /** None while the ticket is bound to no account. */
  readonly organisationId?: string;
  readonly requester: Person;
  readonly status: string;
  /** History moved in from another system: nobody is told. */
  readonly imported: boolean;
  readonly traits: TicketTraits;
  /** Of the newest event that is known here. */
  readonly sequence: number;
  readonly lastCustomerSequence: number;
  /** Of our newest public reply; a silence that was counted from an earlier one counts no more (FLT-11). */
  readonly lastAgentReplySequence: number;
}

/** Values by the names that templates use: `ticket.number`. A name without an entry has no value at this event. */
export type Variables = Readonly<Record<string, string>>;

/** A mail that the desk file names elsewhere than among its rules. */
export interface OwnMail {
  /** Stands for the rule's id in the delivery: `lifecycle:solve_when_silent`. */
  readonly ruleId: string;
  readonly template: TemplateId;
  readonly category: MailCategory;
  readonly to: Person;
}

/** Something that happened, in the words of the desk file's notification rules. */
export interface Happening {
  readonly kinds: readonly NotificationEvent[];
  readonly ticket?: KnownTicket;
  /** The person who caused it. */
  readonly actor?: Person;
  /** Somebody's own words, or a mail of its own, came with it: rules that these replace are silent (OFC-12). */
  readonly customerTold?: boolean;
  readonly productId?: string;
  /** Whom the recipient `account` means. */
  readonly accounts?: readonly Person[];
  /** Whom `affected_customers` means. */
  readonly affected?: readonly Person[];
  readonly ownMails?: readonly OwnMail[];
  /** What the event itself adds to the desk's and the ticket's variables. */
  readonly variables?: (desk: DeskDocument, language: string) => Variables;
}

/** Bound to an account, or to nobody yet (HST-7). */
export function isVerified(ticket: Pick<KnownTicket, 'organisationId' | 'requester'>): boolean {
  return ticket.organisationId !== undefined || ticket.requester.accountId !== undefined;
}
