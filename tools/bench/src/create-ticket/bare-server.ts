// The floor: CreateTicket in bare @grpc/grpc-js and pg. It checks nothing and knows nobody, but writes the rows that the
// service writes: ticket, message, audit, outbox and idempotency, one statement each, prepared, in one transaction.
import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { CreateTicketRequest, CreateTicketResponse, Ticket } from '#contracts/generated/priolane/tickets/v1/ticket.js';
import { loadPackages, servicesOf } from '#platform/grpc/definition.js';

const PACKAGES = ['priolane.tickets.v1'];
const DESK = 'webshop';
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 16 });
let last = 100_000;

const insert = (table: string, columns: string): { name: string; text: string } => ({
  name: table,
  text: `INSERT INTO ${table} (${columns}) VALUES (${columns.split(',').map((_, i) => `$${i + 1}`).join(', ')})`,
});
const TICKET = insert(
  'ticket',
  `id, desk_id, number, requester_account_id, requester_name, requester_email, subject, type, channel, lane, status,
   status_kind, opened_at, updated_at, sequence, last_customer_sequence, fields, language, imported, waiting, queue_key`,
);
const MESSAGE = insert(
  'message',
  `id, ticket_id, desk_id, author_kind, author_account_id, author_name, author_email, internal, automatic, body, sent_at`,
);
const AUDIT = insert('audit', 'id, desk_id, account_id, action, subject_id, details, occurred_at');
const OUTBOX = insert('outbox', 'aggregate_id, sequence, id, lane, desk_id, type, occurred_at, data');
const IDEMPOTENCY = insert(
  'idempotency',
  'desk_id, account_id, request_id, operation, fingerprint, answer, created_at',
);

async function createTicket(request: CreateTicketRequest): Promise<CreateTicketResponse> {
  const [id, account, now] = [uuidv7(), 'kim', new Date()];
  last += 1;
  const number = last;
  const { subject, description, fields } = request;
  const event = JSON.stringify({ ticketId: id, number, deskId: DESK, subject, description, openedAt: now, fields });
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query({
      ...TICKET,
          values: [
        id, DESK, number, account, 'Kim', 'kim@example.com', subject, 'question', 'form', 'normal', 'open', 'OPEN',
        now, now, 1, 1, JSON.stringify(fields), 'en', false, true, `0000000000002${now.getTime()}`,
      ],
    });
    const said = [uuidv7(), id, DESK, 'customer', account, 'Kim', 'kim@example.com', false, false, description, now];
    await client.query({ ...MESSAGE, values: said });
    await client.query({ ...AUDIT, values: [uuidv7(), DESK, account, 'open-ticket', id, '{}', now] });
    await client.query({ ...OUTBOX, values: [id, 1, uuidv7(), 0, DESK, 'ticket.opened', now, event] });
    const answer = Buffer.from(event);
    await client.query({ ...IDEMPOTENCY, values: [DESK, account, request.requestId, 'open-ticket', answer, answer, now] });
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
  const at = { seconds: String(Math.floor(now.getTime() / 1000)), nanos: 0 };
  const ticket: Ticket = {
    id,
    number: String(number),
    deskId: DESK,
    organisationId: '',
    requester: { accountId: account, name: 'Kim', email: 'kim@example.com' },
    subject,
    type: 'question',
    department: '',
    priority: '',
    channel: 'form',
    lane: 'normal',
    status: 'open',
    statusKind: 'OPEN',
    assigneeAccountId: '',
    openedAt: at,
    updatedAt: at,
    solvedAt: null,
    sequence: '1',
    fields,
    externalReference: '',
    packageId: '',
  };
  return { ticket };
}

const server = new Server();
const definition = servicesOf(loadPackages(PACKAGES), PACKAGES).get('priolane.tickets.v1.TicketService')!;
server.addService(
  { createTicket: definition['CreateTicket']! },
  {
    createTicket: (call: ServerUnaryCall<CreateTicketRequest, CreateTicketResponse>, done: sendUnaryData<CreateTicketResponse>) => {
      void createTicket(call.request).then(
        (answer) => done(null, answer),
        (error: Error) => done(error),
      );
    },
  },
);
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.send?.({ address: `127.0.0.1:${port}` });
});
