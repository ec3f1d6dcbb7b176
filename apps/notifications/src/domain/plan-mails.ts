import type { DeskDocument } from '#kernel/desk/document.js';
import { matches } from '#kernel/desk/lookups.js';
import type { NotificationRule, Recipient } from '#kernel/desk/messages.js';
import type { MailCategory } from '#kernel/desk/people.js';
import type { Condition, TemplateId } from '#kernel/desk/vocabulary.js';
import { type Happening, isVerified, type KnownTicket, type Person } from './happening.js';

export interface PlannedMail {
  readonly ruleId: string;
  readonly template: TemplateId;
  readonly category: MailCategory;
  readonly to: Person;
  readonly language: string;
}

/** Which mails the desk file wants sent about this, and to whom. Imported tickets tell nobody. */
export function planMails(desk: DeskDocument, happening: Happening): PlannedMail[] {
  if (happening.ticket?.imported) return [];
  const byRule = desk.notifications.rules
    .filter((rule) => applies(rule, happening))
    .flatMap((rule) =>
      rule.to
        .flatMap((recipient) => peopleOf(recipient, happening))
        .filter((person) => !(rule.exceptActor && isSame(person, happening.actor)))
        .map((to) => ({ ruleId: rule.id, template: rule.template, category: rule.category, to })),
    );
  return [...byRule, ...(happening.ownMails ?? [])]
    .filter((mail) => mail.to.email !== '')
    .map((mail) => ({ ...mail, language: languageOf(desk, happening.ticket?.language || mail.to.language) }));
}

/** The kind of address a mail of this category goes to (HST-9); none: the registered address. */
export function addressKindOf(desk: DeskDocument, category: MailCategory): string | undefined {
  return desk.accounts.addressKinds.find((kind) => kind.categories.includes(category))?.id;
}

/** The desk's language that is nearest: `de` for `de-AT`, its first one for what it does not speak. */
export function languageOf(desk: DeskDocument, wanted: string | undefined): string {
  const candidates = wanted ? [wanted, wanted.split('-', 1)[0]!] : [];
  return candidates.find((language) => desk.languages.includes(language)) ?? desk.languages[0]!;
}

function applies(rule: NotificationRule, happening: Happening): boolean {
  return (
    happening.kinds.includes(rule.on) &&
    (rule.product === undefined || rule.product === happening.productId) &&
    !(rule.replacedByAgent === true && happening.customerTold === true) &&
    holds(rule.when, happening.ticket)
  );
}

/** Answers in forms and assessment bands are not known here: a rule that names them matches nothing. */
function holds(when: Condition | undefined, ticket: KnownTicket | undefined): boolean {
  if (when === undefined) return true;
  if (ticket === undefined || when.fields !== undefined || when.bands !== undefined) return false;
  const { channel } = ticket.traits;
  const signedIn = ticket.requester.accountId !== undefined && (channel === 'form' || channel === 'api');
  return (
    matches(when, ticket.traits) &&
    (when.signedIn === undefined || when.signedIn === signedIn) &&
    (when.verified === undefined || when.verified === isVerified(ticket))
  );
}

function peopleOf(recipient: Recipient, happening: Happening): readonly Person[] {
  switch (recipient) {
    case 'requester':
      return happening.ticket ? [happening.ticket.requester] : [];
    case 'account':
      return happening.accounts ?? [];
    case 'affected_customers':
      return happening.affected ?? [];
    // Nobody can be copied in, linked or following yet.
    case 'cc':
    case 'organisation_followers':
    case 'notice_followers':
    case 'linked_requesters':
      return [];
  }
}

function isSame(person: Person, actor: Person | undefined): boolean {
  if (!actor) return false;
  if (person.accountId && actor.accountId) return person.accountId === actor.accountId;
  return actor.email !== '' && person.email.toLowerCase() === actor.email.toLowerCase();
}
