/**
 * The words every part of a desk document shares. The document is plain JSON: it travels in an event and is stored as
 * jsonb, so a duration is a string (`PT8H`, `P30D`), a wall time is "HH:MM" and an amount is integer minor units.
 */

/** An ISO-8601 duration; a day is exactly 24 h. `parseDuration` turns it into whole seconds. */
export type Duration = string;

/** "HH:MM", from "00:00" to "24:00". */
export type WallTime = string;

/** "YYYY-MM-DD". */
export type LocalDate = string;

/** Words for people by language (`{de: …, en: …}`); the desk's first language is always there. */
export type LocalText = Readonly<Record<string, string>>;

/** The name of an entry in `notifications.templates`. */
export type TemplateId = string;

export const CHANNELS = [
  'form',
  'guest_form',
  'email',
  'phone',
  'chat',
  'api',
  'forum',
  'social_media',
  'post',
] as const;
/** A way in. `form` and `api` are signed in, `guest_form` is not. */
export type ChannelId = (typeof CHANNELS)[number];

/** Who does something: a role of the caller, or the product by itself. */
export type Actor = 'customer' | 'agent' | 'lead' | 'account_manager' | 'finance' | 'admin' | 'system';

/**
 * Which tickets something holds for. A dimension left out holds for all values; a dimension that is named does not
 * match a ticket that has no value there (a ticket without a priority matches no `priorities: […]`).
 */
export interface Match {
  readonly packages?: readonly string[];
  readonly types?: readonly string[];
  readonly departments?: readonly string[];
  readonly priorities?: readonly string[];
  readonly channels?: readonly ChannelId[];
  readonly lanes?: readonly string[];
}

/** A match that may also look at the answers given in the form and at who is asking. */
export interface Condition extends Match {
  /** Field id → values, one of which it must have. */
  readonly fields?: Readonly<Record<string, readonly string[]>>;
  /** Assessment bands, one of which the ticket must be in. */
  readonly bands?: readonly string[];
  readonly signedIn?: boolean;
  /** Signed in, or written from the registered address. */
  readonly verified?: boolean;
}

/** Why something is refused: a stable reason for programs, words for people, and where to go instead. */
export interface Refusal {
  /** UPPER_SNAKE. */
  readonly reason: string;
  readonly message: LocalText;
  /** Handed on as it is in the error's metadata, e.g. `{phone: "+49 …"}`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface Labelled {
  readonly id: string;
  readonly label: LocalText;
}
