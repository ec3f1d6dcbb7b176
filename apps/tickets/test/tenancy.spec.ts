import type { IntakeServiceClient } from '#contracts/generated/priolane/tickets/v1/intake.js';
import type { KnowledgeServiceClient } from '#contracts/generated/priolane/tickets/v1/knowledge.js';
import type { Caller, Role } from '#kernel/caller.js';
import { newId } from '#kernel/ids.js';
import { toTimestamp } from '#platform/grpc/timestamps.js';
import { type Attempt, type Theirs, walkTenancy } from '#testing/tenancy-walk.js';
import { testCaller } from '#testing/tokens.js';
import { MONDAY, startTickets } from './service.js';

const SECRET = 'platypus on the roof';
const DESK_SECRET = 'walrus in the cellar';

const page = { pageSize: 0, pageToken: '' };
const blank = { type: '', priority: '', department: '', channel: '' };
const own = { ...blank, requestId: newId(), language: '', questionId: '' };
const problem = { ...own, type: 'problem', priority: 'high', fields: { module: 'search', problem_kind: 'other' } };

/** Kim of Acme, on the desk `packages`, has a ticket with a note and a question; the desk has an article. */
async function start(): Promise<Theirs> {
  const under = await startTickets(['packages', 'officehours']);
  const { service } = under;
  const organisationId = await under.neighbours.organisation('packages', `Acme ${SECRET}`, 'gold', MONDAY);
  const kim = testCaller({ deskId: 'packages', organisationId, name: `Kim ${SECRET}` });
  const agent = testCaller({ deskId: 'packages', roles: ['agent'], name: `Alex ${SECRET}` });
  const integrator = testCaller({ deskId: 'packages', roles: ['integrator'] });
  const knowledge = (caller: Caller) => service.client<KnowledgeServiceClient>('priolane.tickets.v1.KnowledgeService', caller);
  const intake = service.client<IntakeServiceClient, 'importTickets'>('priolane.tickets.v1.IntakeService', integrator);

  const { ticket } = await under.tickets(kim).createTicket({ ...problem, subject: SECRET, description: SECRET, onBehalfOf: null });
  const { id: ticketId, number } = ticket!;
  const note = { requestId: newId(), ticketId, body: SECRET, internal: true, status: '', fault: '' };
  await under.tickets(agent).addMessage(note);
  const article = { requestId: newId(), slug: 'search', language: '', title: DESK_SECRET, body: `Search and the ${DESK_SECRET}.` };
  await knowledge(agent).putArticle(article);
  const { questionId, answers } = await knowledge(kim).askQuestion({ requestId: newId(), text: `search ${SECRET}`, language: '' });
  expect(answers).toHaveLength(1);
  const imported = {
    ...blank,
    externalReference: 'OLD-1',
    subject: SECRET,
    description: SECRET,
    openedAt: toTimestamp(MONDAY),
    history: [],
    requester: { name: SECRET, email: 'kim@acme.example', organisationId, packageId: 'gold' },
  };
  for await (const { outcome } of intake.importTickets([{ ticket: imported }])) expect(outcome).toBe('created');

  const mine = { subject: 'Mine', description: 'Mine' };
  const onBehalfOf = { organisationId, accountId: kim.accountId, name: 'Kim', email: 'kim@acme.example', packageId: 'gold' };
  const requester = { ...imported.requester, name: 'Mine' };
  const list = { view: '', statusKinds: [], ...page, externalReference: '' };
  const attempts: Record<string, Attempt[]> = {
    // The reference is free on the other desk.
    'IntakeService/ImportTickets': [{ request: { ticket: { ...imported, ...mine, requester } }, answer: 'OK' }],
    'KnowledgeService/AskQuestion': [{ request: { requestId: '', text: 'search in the cellar', language: '' }, answer: 'OK' }],
    'KnowledgeService/PutArticle': [{ request: { ...article, title: 'Mine', body: 'Mine' }, answer: 'OK' }],
    'KnowledgeService/RecordOutcome': [{ request: { requestId: '', questionId, solved: true } }],
    'QueueService/ClaimNext': [{ request: { requestId: '' }, answer: 'OK' }],
    'QueueService/ExplainRank': [{ request: { ticketId } }, { request: { ticketId: number } }],
    'QueueService/ListQueue': [{ request: page, answer: 'OK' }],
    'TicketService/AddMessage': [{ request: { ...note, internal: false, body: 'Mine' } }],
    'TicketService/ChangeStatus': [{ request: { requestId: '', ticketId, status: 'solved', fault: '' } }],
    'TicketService/CreateTicket': [
      // A ticket of one's own out of their question; the form of each desk refuses what that of the other one takes.
      {
        request: { ...own, ...mine, fields: {}, questionId, onBehalfOf: null },
        answer: (role) => (role === 'service' ? 'PERMISSION_DENIED' : 'OK'),
        sameDesk: 'INVALID_ARGUMENT',
      },
      {
        request: { ...problem, ...mine, questionId, onBehalfOf: null },
        answer: (role) => (role === 'service' ? 'PERMISSION_DENIED' : 'FAILED_PRECONDITION'),
        sameDesk: 'OK',
      },
      { request: { ...problem, ...mine, onBehalfOf }, answer: 'INVALID_ARGUMENT' },
      // The same two as follow-ups of their ticket.
      ...[ticketId, number].flatMap((followUpOfId) => [
        {
          request: { ...own, ...mine, fields: {}, followUpOfId, onBehalfOf: null },
          answer: (role: Role) => (role === 'service' ? ('PERMISSION_DENIED' as const) : ('INVALID_ARGUMENT' as const)),
          sameDesk: 'INVALID_ARGUMENT' as const,
        },
        {
          request: { ...problem, ...mine, followUpOfId, onBehalfOf: null },
          answer: (role: Role) => (role === 'service' ? ('PERMISSION_DENIED' as const) : ('FAILED_PRECONDITION' as const)),
          sameDesk: 'INVALID_ARGUMENT' as const,
        },
      ]),
    ],
    'TicketService/GetTicket': [{ request: { ticketId } }, { request: { ticketId: number } }],
    'TicketService/ListMessages': [{ request: { ticketId, ...page } }, { request: { ticketId: number, ...page } }],
    'TicketService/ListTickets': [
      { request: list, answer: 'OK' },
      { request: { ...list, externalReference: 'OLD-1' }, answer: 'OK' },
    ],
    'TicketService/ReclassifyTicket': [{ request: { requestId: '', ticketId, type: 'problem', department: '', priority: 'low' } }],
    'TicketService/WatchEvents': [{ request: { afterPosition: '0' }, answer: 'OK' }],
  };
  return {
    service,
    deskId: 'packages',
    otherDeskId: 'officehours',
    secret: SECRET,
    deskSecret: DESK_SECRET,
    attempts,
    owner: { caller: kim, method: 'TicketService/GetTicket' },
    stop: () => under.stop(),
  };
}

walkTenancy('priolane.tickets.v1', start);
