import { status } from '@grpc/grpc-js';
import type { ClockServiceClient } from '#contracts/generated/priolane/sla/v1/clock.js';
import type { TicketServiceClient } from '#contracts/generated/priolane/tickets/v1/ticket.js';
import { closeClient, createClient, type PromiseClient } from '#platform/grpc/client.js';
import { RpcError } from '#platform/grpc/rpc-error.js';
import type { StackDescription } from '#testing/infrastructure/stack-file.js';
import { compareClocks } from './compare-clocks.js';
import type { Token } from './desk-access.js';
import type { ExpectedIncident } from './expected.js';
import { type Failure, NOT_IMPORTED } from './verify-incidents.js';

const PAGE_SIZE = 500;

/** The clocks of imported incidents, as the SLA service of a stack has them. */
export class IncidentClocks {
  private readonly tickets: PromiseClient<TicketServiceClient>;
  private readonly clocks: PromiseClient<ClockServiceClient>;
  /** External reference → ticket id. */
  private ids: ReadonlyMap<string, string> | undefined;

  constructor({ services }: StackDescription, token: Token) {
    const options = { token, deadlineMs: 20_000 };
    this.tickets = createClient('priolane.tickets.v1.TicketService', services.tickets.grpc, options);
    this.clocks = createClient('priolane.sla.v1.ClockService', services.sla.grpc, options);
  }

  /** Answers nothing when all is as expected. */
  async check(incident: ExpectedIncident): Promise<Failure | undefined> {
    const { number } = incident;
    const ticketId = this.ids?.get(number);
    if (ticketId === undefined) return { number, problem: NOT_IMPORTED, differences: [] };
    try {
      const differences = compareClocks(incident, (await this.clocks.listClocks({ ticketId })).clocks);
      return differences.length > 0 ? { number, problem: '', differences } : undefined;
    } catch (error) {
      if (!(error instanceof RpcError) || error.code !== status.NOT_FOUND) throw error;
      return { number, problem: 'is not known to the SLA service', differences: [] };
    }
  }

  /** Looks up which tickets there are; those imported later are not seen. */
  async loadTickets(): Promise<void> {
    const ids = new Map<string, string>();
    let pageToken = '';
    do {
      const request = { view: '', statusKinds: [], pageSize: PAGE_SIZE, pageToken, externalReference: '' };
      const page = await this.tickets.listTickets(request);
      for (const ticket of page.tickets) ids.set(ticket.externalReference, ticket.id);
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    this.ids = ids;
  }

  close(): void {
    [this.tickets, this.clocks].forEach(closeClient);
  }
}
