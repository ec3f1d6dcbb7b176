import type { DeskDocument } from '#kernel/desk/document.js';
import { textIn } from '#kernel/desk/lookups.js';
import type { Money } from '#kernel/money.js';
import type { Happening, KnownTicket, Person, Variables } from './happening.js';

/** All that a template may use at this happening, in one language. */
export function variablesFor(desk: DeskDocument, happening: Happening, to: Person, language: string): Variables {
  const { ticket } = happening;
  return {
    'desk.name': desk.name,
    'desk.web': desk.contact.web,
    ...(desk.contact.phone === undefined ? {} : { 'desk.phone': desk.contact.phone }),
    'recipient.name': to.name,
    ...(ticket ? ticketVariables(desk, ticket, language) : {}),
    ...happening.variables?.(desk, language),
  };
}

function ticketVariables(desk: DeskDocument, ticket: KnownTicket, language: string): Variables {
  const priority = desk.priorities.find((entry) => entry.id === ticket.traits.priority);
  const page = ticketPage(desk, ticket.number);
  const products = Object.keys(desk.products).map((id) => [`links.${id}`, `${page}/products/${id}`]);
  return {
    'requester.name': ticket.requester.name,
    'ticket.number': ticket.number,
    'ticket.subject': ticket.subject,
    'ticket.status': labelOf(desk, desk.statuses, ticket.status, language),
    ...(priority ? { 'ticket.priority': textIn(desk, priority.label, language) } : {}),
    'links.ticket': page,
    ...(desk.verification ? { 'links.verification': `${page}/verification` } : {}),
    ...Object.fromEntries(products),
  };
}

/** The words for an id of the desk file, or the id itself where a newer file no longer has it. */
export function labelOf(
  desk: DeskDocument,
  entries: readonly { readonly id: string; readonly label: Readonly<Record<string, string>> }[],
  id: string,
  language: string,
): string {
  const entry = entries.find((candidate) => candidate.id === id);
  return entry ? textIn(desk, entry.label, language) : id;
}

export function pageOf(desk: DeskDocument, path: string): string {
  return `${desk.notifications.links.base.replace(/\/$/, '')}/${path}`;
}

function ticketPage(desk: DeskDocument, number: string): string {
  return pageOf(desk, `tickets/${encodeURIComponent(number)}`);
}

/** As people of that language write it: `€4.90`, `4,90 €`. */
export function formatMoney({ minor, currency }: Money, language: string): string {
  const format = new Intl.NumberFormat(language, { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  const unsigned = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0');
  const whole = unsigned.slice(0, unsigned.length - digits);
  const fraction = digits > 0 ? `.${unsigned.slice(-digits)}` : '';
  return format.format(`${minor < 0n ? '-' : ''}${whole}${fraction}` as `${number}`);
}
