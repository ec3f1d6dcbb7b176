import type { DeskDocument } from '#kernel/desk/document.js';
import type { FieldType, FormSpec } from '#kernel/desk/forms.js';
import { DomainError } from '#kernel/errors.js';
import { type CheckedForm, checkForm, type FormContext } from './form.js';
import type { Requester, TicketRequest } from './open-ticket.js';
import { takesReplies } from './reopening.js';
import type { Ticket } from './ticket.js';

/** A follow-up says anew when it happened and what was seen, and brings its own evidence. */
const OF_THE_MOMENT: readonly FieldType[] = ['long_text', 'date', 'datetime', 'file'];

/** While a reply still reaches the earlier ticket, that is the way, and nothing is said in two places (PKG-16). */
export function refuseFollowUp(desk: DeskDocument, earlier: Ticket, text: string, now: Date): void {
  const metadata = { ticket_id: earlier.id, current: earlier.status, body: text };
  if (takesReplies(desk, earlier, now)) {
    throw new DomainError('STATE', 'FOLLOW_UP_TOO_EARLY', `ticket ${earlier.number} still takes replies: reply to it instead`, {
      metadata: { ...metadata, reply_by: 'TicketService/AddMessage' },
    });
  }
  if (!desk.reopen.followUpAfter) {
    throw new DomainError('STATE', 'FOLLOW_UP_NOT_OFFERED', 'this desk takes no follow-ups: open a new ticket', { metadata });
  }
}

/** For whom the earlier ticket was. */
export function requesterOf({ requester, organisationId, packageId }: Ticket): Requester {
  return { ...requester, organisationId, packageId };
}

/** Whether the earlier ticket is for the eyes of the person a follow-up is opened for, who gets to see what it says. */
export function isForEyesOf(desk: DeskDocument, person: Requester, earlier: Ticket): boolean {
  if (desk.tickets.visibility === 'organisation' && person.organisationId) {
    return earlier.organisationId === person.organisationId;
  }
  if (person.accountId || earlier.requester.accountId) return earlier.requester.accountId === person.accountId;
  return earlier.requester.email.toLowerCase() === person.email.toLowerCase();
}

/** The request with what it leaves open taken over, where the desk still has it. The priority never is: it may be sold. */
export function basedOn(desk: DeskDocument, earlier: Ticket, input: TicketRequest): TicketRequest {
  return {
    ...input,
    subject: input.subject.trim() === '' ? earlier.subject : input.subject,
    type: input.type ?? stillThere(earlier.type, desk.ticketTypes),
    department: input.department ?? stillThere(earlier.department, desk.departments),
    language: input.language ?? desk.languages.find((language) => language === earlier.language),
  };
}

/** The form with the earlier ticket's answers in the places left empty, but for those that do not hold any more. */
export function checkFollowUpForm(
  form: FormSpec,
  answers: Readonly<Record<string, string>>,
  earlier: Ticket,
  context: FormContext,
): CheckedForm {
  const given = Object.fromEntries(Object.entries(answers).filter(([, value]) => value.trim() !== ''));
  let taken = form.fields
    .filter(({ id, type }) => given[id] === undefined && earlier.fields[id] !== undefined && !OF_THE_MOMENT.includes(type))
    .map(({ id }) => id);
  for (;;) {
    const all = { ...Object.fromEntries(taken.map((id) => [id, earlier.fields[id]!])), ...given };
    const checked = checkForm(form, all, context);
    // Without one answer, others may not be asked for.
    const holding = taken.filter((id) => !checked.faults.some(({ field }) => field === `fields.${id}`));
    if (holding.length === taken.length) return checked;
    taken = holding;
  }
}

function stillThere(id: string | undefined, entries: readonly { readonly id: string }[]): string | undefined {
  return entries.find((entry) => entry.id === id)?.id;
}
