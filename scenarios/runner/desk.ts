import type { DeskDocument } from '#kernel/desk/document.js';
import type { Delivery } from '#contracts/generated/priolane/notifications/v1/delivery.js';
import type { ImportedEntry, ImportedTicket } from '#contracts/generated/priolane/tickets/v1/intake.js';
import type { Ticket } from '#contracts/generated/priolane/tickets/v1/ticket.js';
import { newId } from '#kernel/ids.js';
import { closeClient, createClient, type PromiseClient } from '#platform/grpc/client.js';
import { RpcError } from '#platform/grpc/rpc-error.js';
import { toTimestamp } from '#platform/grpc/timestamps.js';
import type { ServiceName } from '#testing/infrastructure/stack-file.js';
import { DEMO_PASSWORD } from '#testing/stack/demo-data.js';
import { Mailbox } from '#testing/stack/mailbox.js';
import type { Session } from '#testing/stack/session.js';
import type { StackUnderUse } from '#testing/stack/stack-under-use.js';
import { Deadlines } from './deadlines.js';
import { DeskClock } from './desk-clock.js';
import { becomes, eventually, expectEqual, given, NotAsTheRuleSays } from './expect.js';
import { Company, Person } from './people.js';

/** One of the five desks as a scenario sees it: its people, its clock, its mails. */
export class Desk {
  readonly clock: DeskClock;
  readonly mailbox: Mailbox;
  readonly deadlines: Deadlines;
  readonly agent: Person;
  readonly lead: Person;
  readonly admin: Person;
  private readonly strangers: object[] = [];

  private constructor(
    readonly use: StackUnderUse,
    /** The installation's own admin, who signs contracts. */
    readonly installation: Session,
    readonly document: DeskDocument,
  ) {
    this.clock = new DeskClock(use, document.timeZone, () => this.signedInEverywhere());
    this.mailbox = new Mailbox(use.description.mailbox.webUrl, eventually);
    this.agent = this.staff('agent');
    this.lead = this.staff('lead');
    this.admin = this.staff('admin');
    this.deadlines = new Deadlines(this.agent.session);
  }

  static async open(use: StackUnderUse, deskId: string): Promise<Desk> {
    const installation = use.admin();
    const { desk } = await installation.desks.getDesk({ deskId, version: 0 });
    return new Desk(use, installation, JSON.parse(given(desk, 'desk').document) as DeskDocument);
  }

  get id(): string {
    return this.document.id;
  }

  /** A new company, of a package where the desk has several. */
  async company(packageId = ''): Promise<Company> {
    const mark = `c${newId().slice(-12)}`;
    const name = `Company ${mark}`;
    const request = { requestId: newId(), deskId: this.id, name, packageId };
    const { organisation } = await this.installation.organisations.createOrganisation(request);
    const company = new Company(this, given(organisation, 'organisation').id, name, mark);
    await company.isKnown(this.agent);
    return company;
  }

  /** The one customer of a new company. */
  async customer(packageId = ''): Promise<Person> {
    return (await this.company(packageId)).customer('Kim');
  }

  /** Waits until the ticket has a status. */
  async ticketBecomes(ticket: Ticket, status: string): Promise<Ticket> {
    await becomes(`the status of ${ticket.number}`, async () => (await this.agent.sees(ticket)).status, status);
    return this.agent.sees(ticket);
  }

  async ticketStays(ticket: Ticket, status: string): Promise<Ticket> {
    const now = await this.agent.sees(ticket);
    expectEqual(`the status of ${ticket.number}`, now.status, status);
    return now;
  }

  /** Takes all that waits, so that the queue is the scenario's own. */
  async emptyQueue(): Promise<void> {
    while ((await this.lead.claimsNext()) !== undefined);
  }

  /** Moves a ticket in from elsewhere: with a history of exact instants, which a live one cannot have. */
  async imports(openedAt: Date, history: ImportedEntry[], like: Partial<ImportedTicket> = {}): Promise<Ticket> {
    const ticket = {
      externalReference: newId(),
      subject: 'It does not work',
      description: 'Since this morning it has not worked.',
      type: '',
      department: '',
      priority: '',
      channel: '',
      requester: { name: 'Kim', email: 'kim@elsewhere.example', organisationId: '', packageId: '' },
      openedAt: toTimestamp(openedAt),
      history,
      ...like,
    };
    for await (const { outcome, faults, ticketId } of this.admin.session.intake.importTickets([{ ticket }])) {
      expectEqual('the outcome of the import', { outcome, faults }, { outcome: 'created', faults: [] });
      return given((await this.agent.session.tickets.getTicket({ ticketId })).ticket, 'ticket');
    }
    throw new NotAsTheRuleSays('the import had no answer');
  }

  /** Every mail that was decided on about a ticket. */
  async deliveries(ticket: Ticket, template: string): Promise<readonly Delivery[]> {
    const request = { ticketId: ticket.id, pageSize: 100, pageToken: '' };
    const { deliveries } = await this.agent.session.deliveries.listDeliveries(request);
    return deliveries.filter((delivery) => delivery.template === template);
  }

  /** A service as somebody sees it who has not signed in. */
  anybody<C extends object>(service: ServiceName, name: string): PromiseClient<C> {
    const address = this.use.description.services[service].grpc;
    const client = createClient<C>(`priolane.${service}.v1.${name}`, address, { deadlineMs: 15_000 });
    this.strangers.push(client);
    return client;
  }

  close(): void {
    this.strangers.forEach(closeClient);
    this.use.close();
  }

  /**
   * Moving the clock by months makes signing keys old, and services look for new ones every few seconds only: usually
   * they know them a month ahead.
   */
  private async signedInEverywhere(): Promise<void> {
    const { queue, policies, prices, organisations, deliveries } = this.agent.session;
    const page = { pageSize: 1, pageToken: '' };
    const calls: readonly (() => Promise<unknown>)[] = [
      () => queue.listQueue(page),
      () => policies.listPolicies({}),
      () => prices.listPrices({}),
      () => organisations.listOrganisations(page),
      () => deliveries.listDeliveries({ ...page, ticketId: newId() }),
    ];
    await Promise.all(calls.map((call) => eventually('the services to know the key that signs now', () => isSignedIn(call))));
  }

  private staff(role: string): Person {
    const email = `${role}@${this.id}.example`;
    const who = { name: role, email, organisationId: '', accountId: '' };
    return new Person(this.use.person(this.id, email, DEMO_PASSWORD), who);
  }
}

async function isSignedIn(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (error instanceof RpcError && error.reason === 'TOKEN_INVALID') return false;
    throw error;
  }
}
