import { type Caller, isStaff } from '#kernel/caller.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { formFor, initialStatus, type TicketTraits } from '#kernel/desk/lookups.js';
import type { ChannelId } from '#kernel/desk/vocabulary.js';
import { invalid, type Violation } from '#kernel/errors.js';
import { basedOn, checkFollowUpForm, refuseFollowUp } from './follow-up.js';
import { checkForm } from './form.js';
import { refuseClosedChannel, refuseReservedPriority, refuseWhatTheDeskRefuses } from './refusals.js';
import { MAX_BODY } from './reply.js';
import { personOf } from './status.js';
import { formattedSubject } from './subject.js';
import { apply, type Changed, type Message, type Person, type Ticket, unchanged } from './ticket.js';

/** A request for a ticket, in the desk's own ids; empty texts are left out. */
export interface TicketRequest {
  readonly subject: string;
  readonly description: string;
  readonly type?: string;
  readonly department?: string;
  readonly priority?: string;
  readonly channel?: ChannelId;
  readonly fields: Readonly<Record<string, string>>;
  readonly language?: string;
  /** For a follow-up, the earlier ticket; null where the one that was named is not for those who would see it. */
  readonly earlier?: Ticket | null;
}

/** For whom: the caller, or a person an agent writes for. */
export interface Requester extends Person {
  readonly organisationId?: string;
  readonly organisationName?: string;
  readonly packageId?: string;
}

export interface NewTicketIds {
  readonly ticketId: string;
  readonly messageId: string;
  readonly number: string;
}

/**
 * A new ticket with its opening message, or a refusal that names every fault. The order of checks is the order in which
 * a person can do something about them: the desk's refusals first, then the form.
 */
export function openTicket(
  desk: DeskDocument,
  caller: Caller,
  requester: Requester,
  request: TicketRequest,
  ids: NewTicketIds,
  now: Date,
): Changed & { readonly message: Message } {
  const { earlier, channel = 'form' } = request;
  refuseClosedChannel(desk, caller, channel, request.description);
  if (earlier) refuseFollowUp(desk, earlier, request.description, now);
  const input = earlier ? basedOn(desk, earlier, request) : request;
  const faults = deskFaults(desk, input);
  const type = desk.ticketTypes.find((t) => t.id === input.type) ?? desk.ticketTypes[0]!;
  const priority = input.priority ?? (type.priority === 'optional' ? desk.priorityPolicy.default : undefined);
  const traits: TicketTraits = {
    package: requester.packageId,
    type: type.id,
    department: input.department,
    priority,
    channel,
    lane: desk.queue.defaultLane,
  };
  const attempt = {
    action: 'open' as const,
    traits,
    fields: input.fields,
    priorityGiven: input.priority !== undefined,
    signedIn: true,
    language: input.language,
  };
  refuseWhatTheDeskRefuses(desk, caller, attempt, input.description);
  if (input.priority) refuseReservedPriority(desk, caller, input.priority, input.description, channel);
  if (type.priority === 'required' && !input.priority) {
    faults.push({ field: 'priority', description: `a ${type.id} needs one of ${idsOf(desk.priorities)}` });
  }
  if (type.priority === 'none' && input.priority) {
    faults.push({ field: 'priority', description: `a ${type.id} has no priority` });
  }

  const form = formFor(desk, traits);
  const answers = { ...input.fields, description: input.description, subject: input.subject };
  const context = { desk, traits, signedIn: true, language: input.language };
  const checked = earlier ? checkFollowUpForm(form, answers, earlier, context) : checkForm(form, answers, context);
  faults.push(...checked.faults, ...(form.missing === 'refuse' ? checked.missing : []));
  if (input.description.trim() === '' && !faults.some((fault) => fault.field === 'description')) {
    faults.push({ field: 'description', description: 'say what it is about' });
  }
  if (faults.length > 0) throw invalid(faults);

  const status = initialStatus(desk);
  const ticket: Ticket = {
    id: ids.ticketId,
    number: ids.number,
    deskId: desk.id,
    organisationId: requester.organisationId,
    packageId: requester.packageId,
    requester: { accountId: requester.accountId, name: requester.name, email: requester.email },
    subject: formattedSubject(desk, input.subject || firstLine(input.description), requester.organisationName),
    type: type.id,
    department: input.department,
    priority,
    channel,
    lane: desk.queue.defaultLane,
    status: status.id,
    statusKind: status.kind,
    openedAt: now,
    updatedAt: now,
    sequence: 0,
    lastCustomerSequence: 1,
    lastAgentReplySequence: 0,
    fields: checked.fields,
    language: input.language ?? desk.languages[0]!,
    followUpOf: earlier ? { id: earlier.id, number: earlier.number } : undefined,
    imported: false,
  };
  const message: Message = {
    id: ids.messageId,
    ticketId: ticket.id,
    deskId: desk.id,
    authorKind: isStaff(caller) && caller.accountId !== requester.accountId ? 'agent' : 'customer',
    author: personOf(caller),
    internal: false,
    automatic: false,
    body: input.description,
    sentAt: now,
  };
  return { ...apply(unchanged(ticket), now, { kind: 'opened', description: input.description }), message };
}

function deskFaults(desk: DeskDocument, input: TicketRequest): Violation[] {
  const faults: Violation[] = [];
  const oneOf = (field: string, id: string | undefined, known: readonly { readonly id: string }[]): void => {
    if (id !== undefined && !known.some((entry) => entry.id === id)) {
      faults.push({ field, description: `${id} is not one of ${idsOf(known) || 'none'}` });
    }
  };
  oneOf('type', input.type, desk.ticketTypes);
  oneOf('department', input.department, desk.departments);
  oneOf('priority', input.priority, desk.priorities);
  if (input.language !== undefined && !desk.languages.includes(input.language)) {
    faults.push({ field: 'language', description: `${input.language} is not one of ${desk.languages.join(', ')}` });
  }
  if (input.earlier === null) {
    faults.push({ field: 'follow_up_of_id', description: 'is not a ticket of the person that this one is for' });
  }
  if (input.description.length > MAX_BODY) {
    faults.push({ field: 'description', description: `${input.description.length} characters; ${MAX_BODY} at most` });
  }
  if (input.subject.length > desk.tickets.subject.maxLength) {
    const description = `${input.subject.length} characters; ${desk.tickets.subject.maxLength} at most`;
    faults.push({ field: 'subject', description });
  }
  return faults;
}

function firstLine(text: string): string {
  const line = text.trim().split('\n', 1)[0]!;
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

function idsOf(entries: readonly { readonly id: string }[]): string {
  return entries.map((entry) => entry.id).join(', ');
}
