import type { CreateTicketRequest } from '#contracts/generated/priolane/tickets/v1/ticket.js';
import { newId } from '#kernel/ids.js';

/** A question to the webshop. */
export const ask = (parts: Partial<CreateTicketRequest> = {}): CreateTicketRequest => ({
  requestId: newId(),
  subject: 'Checkout page stays empty',
  description: 'Since this morning the checkout page shows nothing at all.',
  type: '',
  department: '',
  priority: '',
  channel: '',
  fields: { area: 'checkout' },
  language: '',
  questionId: '',
  onBehalfOf: null,
  ...parts,
});
export const say = (ticketId: string, body: string, parts: object = {}) => ({
  requestId: newId(),
  ticketId,
  body,
  internal: false,
  status: '',
  fault: '',
  ...parts,
});
/** A problem of the packages desk. */
export const problem = (parts: Partial<CreateTicketRequest> = {}): CreateTicketRequest =>
  ask({ type: 'problem', priority: 'high', fields: { module: 'search', problem_kind: 'other' }, ...parts });
