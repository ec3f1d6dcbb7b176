import type { Actor, Condition, LocalText, Labelled, Match, TemplateId } from './vocabulary.js';

/** The first form that matches a ticket is the one it is opened with. */
export interface FormSpec {
  readonly id: string;
  readonly match?: Match;
  /** Missing required fields: `refuse` names all of them in one error; `ask` opens the ticket and asks by mail. */
  readonly missing: 'refuse' | 'ask';
  /** Sent for `ask`. */
  readonly askTemplate?: TemplateId;
  readonly fields: readonly FieldSpec[];
  readonly oneOf?: readonly OneOfRule[];
}

/** At least one of the fields, when the condition holds. */
export interface OneOfRule {
  readonly fields: readonly string[];
  readonly when?: Condition;
  readonly message: LocalText;
}

export const FIELD_TYPES = [
  'text',
  'long_text',
  'integer',
  'boolean',
  'choice',
  'date',
  'datetime',
  'email',
  'account_email',
  'phone',
  'url',
  'ip',
  'file',
] as const;
/**
 * `datetime` is RFC 3339, or a wall time read in `timeZone`; `ip` is v4 or v6; `account_email` is the address of an
 * account of the organisation; `file` is the id of an attachment.
 */
export type FieldType = (typeof FIELD_TYPES)[number];

/** The ids `description` and `subject` are the ticket's own; all others are kept as its fields. */
export interface FieldSpec {
  readonly id: string;
  readonly type: FieldType;
  readonly label: LocalText;
  readonly help?: LocalText;
  readonly required?: boolean;
  readonly requiredWhen?: Condition;
  /** Asked for, and never insisted on. */
  readonly wanted?: boolean;
  /** Asked for only when the condition holds; otherwise a value is refused. */
  readonly shownWhen?: Condition;
  readonly many?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly min?: number;
  readonly max?: number;
  /** A regular expression over the whole value, and what it asks for in words. */
  readonly pattern?: string;
  readonly patternMessage?: LocalText;
  /** Applied before anything is checked. */
  readonly normalise?: 'upper' | 'lower';
  /** For `choice`. */
  readonly options?: readonly Labelled[];
  /** For `datetime` without an offset: an IANA zone; left out: the desk's. */
  readonly timeZone?: string;
  /** For `file`: media types or `.ext`. */
  readonly accepts?: readonly string[];
  /** For `file`: secrets are taken out before it is stored. */
  readonly scrub?: 'har';
  /** Who may correct the value later. */
  readonly correctableBy?: readonly Actor[];
}
