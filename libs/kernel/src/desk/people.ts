import type { Actor, Duration, Labelled, Refusal, TemplateId } from './vocabulary.js';

export interface AccountsSection {
  /** Who may open tickets: holders of an assigned seat, any account of an organisation, or guests too. */
  readonly ticketsBy: 'seat' | 'account' | 'anyone';
  /** Said to those who may not. */
  readonly ticketsRefusal?: Refusal;
  readonly invitations: InvitationPolicy;
  /** Shared mailboxes that are no person. */
  readonly roleAddresses: RoleAddressPolicy;
  readonly cc: CcPolicy;
  readonly packageChange: {
    readonly by: readonly Actor[];
    readonly effective: 'at_once';
    readonly tooManySeats: Refusal;
  };
  readonly signIn: SignInPolicy;
  /** Kinds of mail for which a customer can set an address of its own; unset: the registered address. */
  readonly addressKinds: readonly AddressKind[];
}

export interface InvitationPolicy {
  readonly by: readonly Actor[];
  /** The main contact must be invited before anybody else. */
  readonly mainContactFirst: boolean;
  readonly expiresAfter: Duration;
  readonly introduction: TemplateId;
  /** Metadata gains `used` and `limit`. */
  readonly seatsExhausted: Refusal;
}

export interface RoleAddressPolicy {
  readonly refused: boolean;
  /** What stands before the @, in lower case. */
  readonly localParts: readonly string[];
  readonly refusal?: Refusal;
}

export interface CcPolicy {
  readonly allowed: 'nobody' | 'accounts_of_organisation' | 'accounts_of_desk' | 'anyone';
  readonly may: readonly ('read' | 'reply')[];
  /** Metadata gains `addresses`, the ones refused. */
  readonly refusal?: Refusal;
}

export interface SignInPolicy {
  readonly sessionExpiresAfter: Duration;
  readonly password: { readonly minLength: number };
  readonly reset: {
    readonly linkExpiresAfter: Duration;
    readonly endsOtherSessions: boolean;
    readonly template: TemplateId;
  };
  /** Failed attempts after which an account waits. */
  readonly attempts: { readonly count: number; readonly wait: Duration };
}

export interface AddressKind extends Labelled {
  /** What is sent there; see `NotificationRule.category`. */
  readonly categories: readonly MailCategory[];
}

export const MAIL_CATEGORIES = ['ticket', 'billing', 'order', 'abuse', 'security', 'notice', 'account'] as const;
export type MailCategory = (typeof MAIL_CATEGORIES)[number];
