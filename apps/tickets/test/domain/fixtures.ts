import { readFileSync } from 'node:fs';
import type { Caller, Role } from '#kernel/caller.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { initialStatus, statusOf } from '#kernel/desk/lookups.js';
import { createDeskParser } from '#kernel/desk/parse.js';
import { DomainError } from '#kernel/errors.js';
import type { Ticket } from '../../src/domain/ticket.js';

export const DESKS = ['fleet', 'officehours', 'webshop', 'hosting', 'packages'] as const;

/** Monday 18 May 2026, 09:00 in Berlin. */
export const MONDAY = new Date('2026-05-18T07:00:00Z');
export const HOUR = 3600_000;
export const DAY = 24 * HOUR;

const parse = createDeskParser(desks('desk.schema.json'));
const documents = new Map<string, DeskDocument>();

/** One of the five desk files; parsed once. */
export function desk(id: string): DeskDocument {
  const document = documents.get(id) ?? parse(desks(`${id}.yaml`)).document;
  documents.set(id, document);
  return document;
}

function desks(file: string): string {
  return readFileSync(new URL(`../../../../desks/${file}`, import.meta.url), 'utf8');
}

export function after(milliseconds: number, from = MONDAY): Date {
  return new Date(from.getTime() + milliseconds);
}

/** Roles decide; the desk id is not looked at by the rules, which get the desk itself. */
export function person(accountId: string, role: Role, organisationId?: string): Caller {
  const deskId = 'desk';
  return { deskId, accountId, organisationId, name: `The ${role}`, email: `${accountId}@desk.example`, roles: [role] };
}

export const kim = person('kim', 'customer', '0195a1f0-0000-7000-8000-0000000000aa');
export const alex = person('alex', 'agent');

/** Kim's ticket, opened on Monday and new, unless told otherwise. */
export function aTicket(document: DeskDocument, parts: Partial<Ticket> = {}): Ticket {
  const status = parts.status ? statusOf(document, parts.status) : initialStatus(document);
  return {
    id: '0195a1f0-0000-7000-8000-000000000001',
    number: '100001',
    deskId: document.id,
    organisationId: kim.organisationId,
    requester: { accountId: kim.accountId, name: kim.name, email: kim.email },
    subject: 'It does not start',
    type: document.ticketTypes[0]!.id,
    channel: 'form',
    lane: document.queue.defaultLane,
    status: status.id,
    statusKind: status.kind,
    openedAt: MONDAY,
    updatedAt: MONDAY,
    sequence: 1,
    lastCustomerSequence: 1,
    lastAgentReplySequence: 0,
    fields: {},
    language: document.languages[0]!,
    imported: false,
    ...parts,
  };
}

/** What a rule refuses with; fails the test when it does not. */
export function refused(attempt: () => unknown): DomainError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

/** The fields of all faults, in order of name. */
export function faultsOf(attempt: () => unknown): string[] {
  const error = refused(attempt);
  expect(error.kind).toBe('INVALID');
  return error.violations.map((violation) => violation.field).sort();
}
