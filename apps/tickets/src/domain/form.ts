import { isIP } from 'node:net';
import type { DeskDocument } from '#kernel/desk/document.js';
import type { FieldSpec, FormSpec } from '#kernel/desk/forms.js';
import { matches, textIn, type TicketTraits } from '#kernel/desk/lookups.js';
import type { Condition } from '#kernel/desk/vocabulary.js';
import type { Violation } from '#kernel/errors.js';

export interface FormContext {
  readonly desk: DeskDocument;
  readonly traits: TicketTraits;
  readonly signedIn: boolean;
  readonly language?: string;
}

export interface CheckedForm {
  readonly fields: Readonly<Record<string, string>>;
  /** What is there and wrong. */
  readonly faults: readonly Violation[];
  /** What is missing; refused or asked for, as the form says (OFC-5). */
  readonly missing: readonly Violation[];
}

/** The ticket's own texts, which a form may ask for like any other field. */
const OWN = new Set(['description', 'subject']);

/**
 * Checks the answers against the desk's form, all faults at once (FLT-6, HST-2, PKG-10). `answers` holds the ticket's own
 * description and subject too; the result's fields do not.
 */
export function checkForm(form: FormSpec, answers: Readonly<Record<string, string>>, context: FormContext): CheckedForm {
  const given = new Map(Object.entries(answers).filter(([, value]) => value.trim() !== ''));
  const faults: Violation[] = [];
  const missing: Violation[] = [];
  for (const id of given.keys()) {
    if (!OWN.has(id) && !form.fields.some((field) => field.id === id)) {
      faults.push({ field: `fields.${id}`, description: `the form ${form.id} does not ask for this` });
    }
  }
  const current = Object.fromEntries(given);
  for (const field of form.fields) {
    const path = OWN.has(field.id) ? field.id : `fields.${field.id}`;
    const label = textIn(context.desk, field.label, context.language);
    const raw = given.get(field.id);
    if (raw === undefined) {
      if (field.required || conditionHolds(field.requiredWhen, current, context)) {
        missing.push({ field: path, description: `${label} is required` });
      }
      continue;
    }
    if (field.shownWhen && !conditionHolds(field.shownWhen, current, context)) {
      faults.push({ field: path, description: `${label} is not asked for here` });
      continue;
    }
    const value = normalised(field, raw);
    given.set(field.id, value);
    for (const single of field.many ? linesOf(value) : [value]) {
      const fault = faultOf(field, single, context);
      if (fault) faults.push({ field: path, description: `${label}: ${fault}` });
    }
  }
  for (const rule of form.oneOf ?? []) {
    const applies = rule.when === undefined || conditionHolds(rule.when, current, context);
    if (applies && !rule.fields.some((id) => given.has(id))) {
      const description = textIn(context.desk, rule.message, context.language);
      missing.push(...rule.fields.map((id) => ({ field: `fields.${id}`, description })));
    }
  }
  for (const id of OWN) given.delete(id);
  return { fields: Object.fromEntries(given), faults, missing };
}

function conditionHolds(
  condition: Condition | undefined,
  answers: Readonly<Record<string, string>>,
  context: FormContext,
): boolean {
  if (condition === undefined) return false;
  return (
    matches(condition, context.traits) &&
    (condition.signedIn === undefined || condition.signedIn === context.signedIn) &&
    (condition.verified === undefined || condition.verified === context.signedIn) &&
    Object.entries(condition.fields ?? {}).every(([id, wanted]) => linesOf(answers[id]).some((line) => wanted.includes(line)))
  );
}

/** A field that takes many values has one a line. */
function linesOf(answer: string | undefined): string[] {
  return (answer ?? '').split('\n').map((line) => line.trim());
}

function normalised(field: FieldSpec, value: string): string {
  const trimmed = value.trim();
  if (field.normalise === 'upper') return trimmed.toUpperCase();
  return field.normalise === 'lower' ? trimmed.toLowerCase() : trimmed;
}

/** What is wrong with one value, in words; nothing when it is right. */
function faultOf(field: FieldSpec, value: string, context: FormContext): string | undefined {
  if (field.minLength !== undefined && value.length < field.minLength) return `${field.minLength} characters at least`;
  if (field.maxLength !== undefined && value.length > field.maxLength) return `${field.maxLength} characters at most`;
  if (field.pattern !== undefined && !new RegExp(`^(?:${field.pattern})$`, 'u').test(value)) {
    return field.patternMessage ? textIn(context.desk, field.patternMessage, context.language) : 'has another form';
  }
  switch (field.type) {
    case 'integer':
      return integerFault(field, value);
    case 'boolean':
      return value === 'true' || value === 'false' ? undefined : 'true or false';
    case 'choice': {
      const options = (field.options ?? []).map((option) => option.id);
      return options.includes(value) ? undefined : `one of ${options.join(', ')}`;
    }
    case 'date':
      return /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) ? undefined : 'a date YYYY-MM-DD';
    case 'datetime':
      return Number.isNaN(Date.parse(value)) ? 'a date and time (RFC 3339)' : undefined;
    case 'email':
    case 'account_email':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? undefined : 'an e-mail address';
    case 'phone':
      return /^\+?[\d\s()/.-]{5,30}$/.test(value) ? undefined : 'a phone number';
    case 'url':
      return URL.canParse(value) ? undefined : 'a link';
    case 'ip':
      return isIP(value) === 0 ? 'an IPv4 or IPv6 address' : undefined;
    default:
      return undefined;
  }
}

function integerFault(field: FieldSpec, value: string): string | undefined {
  if (!/^-?\d{1,15}$/.test(value)) return 'a whole number';
  if (field.min !== undefined && Number(value) < field.min) return `${field.min} at least`;
  return field.max !== undefined && Number(value) > field.max ? `${field.max} at most` : undefined;
}
