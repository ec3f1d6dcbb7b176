import { Role } from '#contracts/generated/priolane/common/v1/access.js';
import type { CreateTicketRequest, Message, OnBehalfOf, Ticket } from '#contracts/generated/priolane/tickets/v1/ticket.js';
import { newId } from '#kernel/ids.js';
import { RpcError } from '#platform/grpc/rpc-error.js';
import { DEMO_PASSWORD } from '#testing/stack/demo-data.js';
import type { Session } from '#testing/stack/session.js';
import type { StackUnderUse } from '#testing/stack/stack-under-use.js';
import { eventually, given } from './expect.js';
import { instant } from './time.js';

export interface Said {
  readonly message: Message;
  /** As it is after the message. */
  readonly ticket: Ticket;
  readonly sentAt: Date;
}

export type TicketWishes = Partial<CreateTicketRequest>;

/** A request for a ticket, with words where none are wished for. */
export function request(wishes: TicketWishes): CreateTicketRequest {
  return {
    requestId: newId(),
    subject: 'It does not work',
    description: 'Since this morning it has not worked.',
    type: '',
    department: '',
    priority: '',
    channel: '',
    fields: {},
    language: '',
    questionId: '',
    onBehalfOf: null,
    ...wishes,
  };
}

export interface Identity {
  readonly name: string;
  readonly email: string;
  /** Empty for staff. */
  readonly organisationId: string;
  readonly accountId: string;
}

/** A customer or somebody of the desk, who does things by signing in and calling. */
export class Person {
  constructor(
    readonly session: Session,
    readonly who: Identity,
  ) {}

  get email(): string {
    return this.who.email;
  }

  async opens(wishes: TicketWishes = {}): Promise<Ticket> {
    const { ticket } = await this.session.tickets.createTicket(request(wishes));
    return given(ticket, 'ticket');
  }

  /** A reply; for agents also with the status to move to. */
  async replies(ticket: Ticket, body: string, more: { readonly status?: string; readonly internal?: boolean; readonly fault?: string } = {}): Promise<Said> {
    const said = await this.session.tickets.addMessage({
      requestId: newId(),
      ticketId: ticket.id,
      body,
      internal: false,
      status: '',
      fault: '',
      ...more,
    });
    const message = given(said.message, 'message');
    return { message, ticket: given(said.ticket, 'ticket'), sentAt: instant(message.sentAt) };
  }

  /** To another status; where a call-back is live with the cause of it all. */
  async sets(ticket: Ticket, status: string, fault = ''): Promise<Ticket> {
    const changed = await this.session.tickets.changeStatus({ requestId: newId(), ticketId: ticket.id, status, fault });
    return given(changed.ticket, 'ticket');
  }

  async reclassifies(ticket: Ticket, to: { readonly type?: string; readonly department?: string; readonly priority?: string }): Promise<Ticket> {
    const wish = { type: '', department: '', priority: '', ...to };
    const changed = await this.session.tickets.reclassifyTicket({ requestId: newId(), ticketId: ticket.id, ...wish });
    return given(changed.ticket, 'ticket');
  }

  /** The ticket as it is now. */
  async sees(ticket: Ticket): Promise<Ticket> {
    return given((await this.session.tickets.getTicket({ ticketId: ticket.id })).ticket, 'ticket');
  }

  /** The numbers of the tickets in a view of the desk, the newest first. */
  async lists(view: string): Promise<string[]> {
    const request = { view, statusKinds: [], pageSize: 100, pageToken: '', externalReference: '' };
    return (await this.session.tickets.listTickets(request)).tickets.map((ticket) => ticket.number);
  }

  async claimsNext(): Promise<Ticket | undefined> {
    return (await this.session.queue.claimNext({ requestId: newId() })).ticket ?? undefined;
  }
}

/** Where new people come from. */
export interface SignUps {
  readonly id: string;
  readonly use: StackUnderUse;
  readonly installation: Session;
}

/** A new company with nobody in it yet. */
export class Company {
  constructor(
    private readonly desk: SignUps,
    readonly id: string,
    readonly name: string,
    private readonly mark: string,
  ) {}

  /** Somebody with an account who can sign in at once. */
  customer(name: string): Promise<Person> {
    return this.person(name, [Role.ROLE_CUSTOMER]);
  }

  /** Somebody who may change the company's package and seats. */
  manager(name: string): Promise<Person> {
    return this.person(name, [Role.ROLE_CUSTOMER, Role.ROLE_ACCOUNT_MANAGER]);
  }

  /** An address that nobody else has. */
  address(localPart: string): string {
    return `${localPart}@${this.mark}.example`;
  }

  /** For an agent who opens a ticket for a caller. */
  behalfOf({ who: { accountId, name, email } }: Person): OnBehalfOf {
    return { organisationId: this.id, accountId, name, email, packageId: '' };
  }

  /** The tickets service learns of a new company in its own time; until then it knows neither its name nor its package. */
  async isKnown(agent: Person): Promise<void> {
    const onBehalfOf = { organisationId: this.id, accountId: '', name: 'Nobody', email: this.address('nobody'), packageId: '' };
    await eventually(`the tickets service to know ${this.name}`, async () => {
      const refused = await agent.opens({ description: '', onBehalfOf }).catch((error: unknown) => error);
      if (!(refused instanceof RpcError)) throw refused;
      return !refused.violations.some(({ field }) => field === 'on_behalf_of.organisation_id');
    });
  }

  private async person(name: string, roles: Role[]): Promise<Person> {
    const email = this.address(name.toLowerCase());
    const request = { requestId: newId(), deskId: this.desk.id, organisationId: this.id, name, email, roles, language: '' };
    const { account } = await this.desk.installation.accounts.createAccount({ ...request, password: DEMO_PASSWORD });
    const who = { name, email, organisationId: this.id, accountId: given(account, 'account').id };
    return new Person(this.desk.use.person(this.desk.id, email, DEMO_PASSWORD), who);
  }
}
