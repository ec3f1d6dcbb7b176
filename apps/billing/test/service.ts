import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { FinanceServiceClient } from '#contracts/generated/priolane/billing/v1/finance.js';
import type { PriceServiceClient, Quote } from '#contracts/generated/priolane/billing/v1/price.js';
import {
  type CreatePurchaseResponse,
  type Purchase,
  PurchaseState,
  type PurchaseServiceClient,
} from '#contracts/generated/priolane/billing/v1/purchase.js';
import { TicketClassChanged, TicketOpened, TicketStatusChanged } from '#contracts/generated/priolane/events/v1/ticket_events.js';
import type { Caller } from '#kernel/caller.js';
import { newId } from '#kernel/ids.js';
import { FileClock } from '#platform/clock/file-clock.js';
import { parseEnv } from '#platform/env.js';
import { type ServiceUnderTest, startService, TEST_ENV } from '#testing/grpc.js';
import { freePort } from '#testing/infrastructure/ports.js';
import { createTestDatabase } from '#testing/infrastructure/test-database.js';
import { deskFile, eventually, Neighbours } from '#testing/neighbours.js';
import { testCaller } from '#testing/tokens.js';
import { type Rig, SECRET, startRig } from '../../../tools/stripe-sandbox/src/test-harness.js';
import { AppModule } from '../src/app.module.js';
import { env as billingEnv } from '../src/env.js';

/** A customer with a ticket. */
export interface Ticketed {
  readonly customer: Caller;
  readonly ticketId: string;
}

/** The billing service over real gRPC, PostgreSQL and HTTP to a stateful Stripe; the other services are what is published. */
export class BillingUnderTest {
  private readonly replicas: ServiceUnderTest[] = [];

  private constructor(
    readonly service: ServiceUnderTest,
    readonly rig: Rig,
    readonly neighbours: Neighbours,
    readonly clock: FileClock,
    /** The service's variables, for further processes. */
    readonly variables: Readonly<Record<string, string>>,
    readonly database: pg.Pool,
    private readonly clearUp: () => Promise<void>,
  ) {}

  static async start(desks: readonly string[], overrides: Readonly<Record<string, string>> = {}): Promise<BillingUnderTest> {
    const [database, bus, port] = await Promise.all([createTestDatabase('billing'), createTestDatabase('bus'), freePort()]);
    const folder = mkdtempSync(join(tmpdir(), 'billing-'));
    const clockFile = join(folder, 'clock.json');
    const clock = new FileClock(clockFile);
    const webhook = { url: `http://127.0.0.1:${port}/stripe/webhook`, secret: SECRET };
    const rig = await startRig({ clockFile, webhook });
    const variables = {
      ...TEST_ENV,
      DATABASE_URL: database.url,
      EVENT_BUS_DATABASE_URL: bus.url,
      MIGRATE_ON_START: 'true',
      HTTP_PORT: String(port),
      STRIPE_API_KEY: 'sk_test_tests',
      STRIPE_API_BASE: rig.sandbox.url,
      STRIPE_WEBHOOK_SECRET: SECRET,
      STRIPE_WORKER_INTERVAL_MS: '100',
      STRIPE_LEASE_MS: '3000',
      CLOCK_FILE: clockFile,
      ...overrides,
    };
    const service = await startBilling(variables, clock);
    const pool = new pg.Pool({ connectionString: database.url, max: 2 });
    const neighbours = new Neighbours(bus.url);
    const under = new BillingUnderTest(service, rig, neighbours, clock, variables, pool, async () => {
      await Promise.all([pool.end(), neighbours.close(), rig.sandbox.stop()]);
      await Promise.all([database.drop(), bus.drop()]);
      rmSync(folder, { recursive: true });
    });
    for (const desk of desks) {
      await neighbours.applyDesk(deskFile(desk), clock.now());
      const agent = under.price({ deskId: desk, roles: ['agent'] });
      await eventually(`the desk ${desk}`, () => agent.listPrices({}).then(() => true, () => false));
    }
    return under;
  }

  /** A further process's worth of the service on the same database. */
  async replica(overrides: Readonly<Record<string, string>> = {}): Promise<ServiceUnderTest> {
    const replica = await startBilling({ ...this.variables, HTTP_PORT: '0', ...overrides }, this.clock);
    this.replicas.push(replica);
    return replica;
  }

  price(caller: Partial<Caller>, on = this.service) {
    return on.client<PriceServiceClient>('priolane.billing.v1.PriceService', caller);
  }

  purchases(caller: Partial<Caller>, on = this.service) {
    return on.client<PurchaseServiceClient>('priolane.billing.v1.PurchaseService', caller);
  }

  finance(deskId: string) {
    const caller: Partial<Caller> = { deskId, roles: ['finance'] };
    return this.service.client<FinanceServiceClient, 'streamChargeRegister' | 'streamLedger'>(
      'priolane.billing.v1.FinanceService',
      caller,
    );
  }

  /** Publishes a ticket and waits until billing knows it. */
  async ticket(deskId: string, parts: Partial<TicketOpened> = {}, customer = testCaller({ deskId })): Promise<Ticketed> {
    const ticketId = newId();
    await this.neighbours.say('tickets', {
      type: 'ticket.opened',
      aggregateId: ticketId,
      deskId,
      occurredAt: this.clock.now(),
      data: TicketOpened.toJSON(
        TicketOpened.fromPartial({
          ticketId,
          number: String(Number.parseInt(ticketId.slice(-6), 16)),
          deskId,
          organisationId: customer.organisationId,
          requester: { accountId: customer.accountId, name: customer.name, email: customer.email },
          channel: 'form',
          lane: 'normal',
          status: 'open',
          statusKind: 'OPEN',
          language: 'en',
          ...parts,
        }),
      ) as object,
    });
    const known = 'SELECT FROM ticket WHERE id = $1';
    await eventually('the ticket', async () => (await this.database.query(known, [ticketId])).rowCount === 1);
    return { customer, ticketId };
  }

  async resolve({ customer, ticketId }: Ticketed, fault: string): Promise<void> {
    await this.neighbours.say('tickets', {
      type: 'ticket.resolved',
      aggregateId: ticketId,
      deskId: customer.deskId,
      occurredAt: this.clock.now(),
      data: TicketStatusChanged.toJSON(
        TicketStatusChanged.fromPartial({ ticketId, from: 'open', fromKind: 'OPEN', to: 'solved', toKind: 'SOLVED', fault }),
      ) as object,
    });
  }

  async changePackage({ customer, ticketId }: Ticketed, to: string): Promise<void> {
    await this.neighbours.say('tickets', {
      type: 'ticket.package_changed',
      aggregateId: ticketId,
      deskId: customer.deskId,
      occurredAt: this.clock.now(),
      data: TicketClassChanged.toJSON(TicketClassChanged.fromPartial({ ticketId, dimension: 'package', to })) as object,
    });
    const known = 'SELECT FROM ticket WHERE id = $1 AND package_id = $2';
    await eventually('the package', async () => (await this.database.query(known, [ticketId, to])).rowCount === 1);
  }

  async quote({ customer, ticketId }: Ticketed, productId: string): Promise<Quote> {
    const { quote } = await this.price(customer).createQuote({ requestId: newId(), ticketId, productId, language: '' });
    return quote!;
  }

  /** Quotes and buys; the customer has to pay now. */
  async buy(ticketed: Ticketed, productId = 'priority', requestId = newId()): Promise<Purchase> {
    return (await this.accept(ticketed.customer, await this.quote(ticketed, productId), requestId)).purchase!;
  }

  accept(customer: Caller, quote: Quote, requestId = newId(), on = this.service): Promise<CreatePurchaseResponse> {
    return this.purchases(customer, on).createPurchase({
      requestId,
      quoteId: quote.id,
      consentAccepted: true,
      consentVersion: quote.consentVersion,
    });
  }

  /** What the customer does in the payment form. A declined card is no failure of the test. */
  async pay(purchase: Purchase, card = 'pm_card_visa'): Promise<void> {
    await this.rig.stripe.paymentIntents
      .confirm(purchase.paymentIntentId, { payment_method: card })
      .catch((error: { type?: string }) => {
        if (error.type !== 'StripeCardError') throw error;
      });
  }

  async get(customer: Caller, purchaseId: string): Promise<Purchase> {
    return (await this.purchases(customer).getPurchase({ purchaseId })).purchase!;
  }

  until(customer: Caller, purchaseId: string, state: string, also: (purchase: Purchase) => boolean = () => true): Promise<Purchase> {
    return eventually(`${purchaseId} is ${state}`, async () => {
      const purchase = await this.get(customer, purchaseId);
      return stateOf(purchase) === state && also(purchase) && purchase;
    });
  }

  /** The types of a purchase's events; their sequences are checked to be gap-free. */
  async told(purchaseId: string, count: number): Promise<string[]> {
    const heard = await eventually(`${count} events`, async () => {
      const events = await this.neighbours.heard('billing', purchaseId);
      return events.length >= count && events;
    });
    expect(heard.map((event) => event.sequence)).toEqual(heard.map((_, i) => i + 1));
    return heard.map((event) => event.type);
  }

  async rows<R extends object>(sql: string, values: unknown[] = []): Promise<R[]> {
    return (await this.database.query(sql, values)).rows as R[];
  }

  /** Every webhook that Stripe has sent is stored and acted on. */
  async quiet(): Promise<void> {
    await eventually('the webhooks', async () => {
      const waiting = await this.rig.control<{ data: unknown[] }>('GET', '/deliveries?status=pending');
      const [row] = await this.rows<{ count: string }>(`SELECT count(*) FROM stripe_event WHERE state = 'pending'`);
      return waiting.data.length === 0 && row!.count === '0';
    });
  }

  /** The payments at Stripe that name this purchase. */
  async intentsOf(purchaseId: string): Promise<string[]> {
    const { data } = await this.rig.stripe.paymentIntents.list({ limit: 100 });
    return data.filter((intent) => intent.metadata['purchase_id'] === purchaseId).map((intent) => intent.id);
  }

  /** What goes wrong with the next calls to Stripe. */
  async fault(kind: string, path: string, count = 1): Promise<void> {
    await this.rig.control('POST', '/faults', { kind, path, count, method: 'POST' });
  }

  async stop(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.close()));
    await this.service.close();
    await this.clearUp();
  }
}

function startBilling(variables: Readonly<Record<string, string>>, clock: FileClock): Promise<ServiceUnderTest> {
  const env = parseEnv(billingEnv, variables);
  return startService({ name: 'billing', packages: ['priolane.billing.v1'], module: AppModule.forEnv(env), env, clock });
}

export function stateOf(purchase: Purchase): string {
  return PurchaseState[purchase.state].replace('PURCHASE_STATE_', '');
}
