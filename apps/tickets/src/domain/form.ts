import type { DeskDocument } from '#kernel/desk/document.js';
import type { FormSpec } from '#kernel/desk/forms.js';
import { matches, textIn, type TicketTraits } from '#kernel/desk/lookups.js';
import type { Condition } from '#kernel/desk/vocabulary.js';
import type { Violation } from '#kernel/errors.js';
import { faultOf, normalised } from './field-value.js';

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
    const shown = field.shownWhen === undefined || conditionHolds(field.shownWhen, current, context);
    if (raw === undefined) {
      if (shown && (field.required || conditionHolds(field.requiredWhen, current, context))) {
        missing.push({ field: path, description: `${label} is required` });
      }
      continue;
    }
    if (!shown) {
      faults.push({ field: path, description: `${label} is not asked for here` });
      continue;
    }
    const value = normalised(field, raw, context.desk);
    given.set(field.id, value);
    for (const single of field.many ? linesOf(value) : [value]) {
      const fault = faultOf(field, single, context.desk, context.language);
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
