import type { Caller } from '#kernel/caller.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { textIn } from '#kernel/desk/lookups.js';
import type { Actor, Refusal } from '#kernel/desk/vocabulary.js';
import { DomainError, type ErrorKind } from '#kernel/errors.js';

/** A refusal in the desk's own words, with its reason and what programs want to know besides. */
export function refuse(
  desk: DeskDocument,
  kind: ErrorKind,
  refusal: Refusal,
  details: { readonly metadata?: Readonly<Record<string, string>>; readonly field?: string; readonly addendum?: string } = {},
): DomainError {
  const words = textIn(desk, refusal.message);
  const message = details.addendum === undefined ? words : `${words} ${details.addendum}`;
  return new DomainError(kind, refusal.reason, message, {
    metadata: { ...refusal.metadata, ...details.metadata },
    violations: details.field === undefined ? [] : [{ field: details.field, description: message }],
  });
}

/** Whether the desk lets one of the caller's roles do it. A program acts for the admin who gave it its key. */
export function isAmong(caller: Caller, actors: readonly Actor[]): boolean {
  return caller.roles.some((role) => actors.some((actor) => actor === (role === 'integrator' ? 'admin' : role)));
}
