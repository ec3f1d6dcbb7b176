import { status } from '@grpc/grpc-js';
import pRetry from 'p-retry';
import type { AccountServiceClient } from '#contracts/generated/priolane/accounts/v1/account.js';
import type { ApiKeyServiceClient } from '#contracts/generated/priolane/accounts/v1/api_key.js';
import type { AuthServiceClient, TokenPair } from '#contracts/generated/priolane/accounts/v1/auth.js';
import type { DeskServiceClient } from '#contracts/generated/priolane/accounts/v1/desk.js';
import type { OrganisationServiceClient } from '#contracts/generated/priolane/accounts/v1/organisation.js';
import type { FinanceServiceClient } from '#contracts/generated/priolane/billing/v1/finance.js';
import type { PriceServiceClient } from '#contracts/generated/priolane/billing/v1/price.js';
import type { PurchaseServiceClient } from '#contracts/generated/priolane/billing/v1/purchase.js';
import type { DeliveryServiceClient } from '#contracts/generated/priolane/notifications/v1/delivery.js';
import type { NoticeServiceClient } from '#contracts/generated/priolane/notifications/v1/notice.js';
import type { PreferenceServiceClient } from '#contracts/generated/priolane/notifications/v1/preference.js';
import type { CalendarServiceClient } from '#contracts/generated/priolane/sla/v1/calendar.js';
import type { ClockServiceClient } from '#contracts/generated/priolane/sla/v1/clock.js';
import type { PolicyServiceClient } from '#contracts/generated/priolane/sla/v1/policy.js';
import type { IntakeServiceClient } from '#contracts/generated/priolane/tickets/v1/intake.js';
import type { KnowledgeServiceClient } from '#contracts/generated/priolane/tickets/v1/knowledge.js';
import type { QueueServiceClient } from '#contracts/generated/priolane/tickets/v1/queue.js';
import type { TicketServiceClient } from '#contracts/generated/priolane/tickets/v1/ticket.js';
import type { Clock } from '#kernel/clock.js';
import { closeClient, createClient, type PromiseClient } from '#platform/grpc/client.js';
import { RpcError } from '#platform/grpc/rpc-error.js';
import { fromTimestamp } from '#platform/grpc/timestamps.js';
import type { ServiceName, StackDescription } from '../infrastructure/stack-file.js';

/** A token is asked for anew when it has less than this left, or when the clock was moved past its end. */
const RENEW_MS = 60_000;

/** Every gRPC service of the stack as one person sees it. Signs in again by itself when its token runs out. */
export class Session {
  private readonly clients = new Map<string, object>();
  private tokens?: Promise<TokenPair>;

  constructor(
    private readonly stack: StackDescription,
    private readonly clock: Clock,
    private readonly signIn: (auth: PromiseClient<AuthServiceClient>) => Promise<TokenPair>,
  ) {}

  get auth() {
    return this.client<AuthServiceClient>('accounts', 'AuthService');
  }
  get accounts() {
    return this.client<AccountServiceClient>('accounts', 'AccountService');
  }
  get apiKeys() {
    return this.client<ApiKeyServiceClient>('accounts', 'ApiKeyService');
  }
  get desks() {
    return this.client<DeskServiceClient>('accounts', 'DeskService');
  }
  get organisations() {
    return this.client<OrganisationServiceClient>('accounts', 'OrganisationService');
  }
  get tickets() {
    return this.client<TicketServiceClient, 'watchEvents'>('tickets', 'TicketService');
  }
  get queue() {
    return this.client<QueueServiceClient>('tickets', 'QueueService');
  }
  get knowledge() {
    return this.client<KnowledgeServiceClient>('tickets', 'KnowledgeService');
  }
  get intake() {
    return this.client<IntakeServiceClient, 'importTickets'>('tickets', 'IntakeService');
  }
  get clocks() {
    return this.client<ClockServiceClient, 'replayClocks'>('sla', 'ClockService');
  }
  get calendars() {
    return this.client<CalendarServiceClient>('sla', 'CalendarService');
  }
  get policies() {
    return this.client<PolicyServiceClient, 'simulatePolicy'>('sla', 'PolicyService');
  }
  get prices() {
    return this.client<PriceServiceClient>('billing', 'PriceService');
  }
  get purchases() {
    return this.client<PurchaseServiceClient>('billing', 'PurchaseService');
  }
  get finance() {
    return this.client<FinanceServiceClient, 'streamChargeRegister' | 'streamLedger'>('billing', 'FinanceService');
  }
  get notices() {
    return this.client<NoticeServiceClient>('notifications', 'NoticeService');
  }
  get deliveries() {
    return this.client<DeliveryServiceClient>('notifications', 'DeliveryService');
  }
  get preferences() {
    return this.client<PreferenceServiceClient>('notifications', 'PreferenceService');
  }

  async token(): Promise<string> {
    const left = this.tokens && fromTimestamp((await this.tokens).accessExpiresAt!).getTime() - this.clock.now().getTime();
    if (left === undefined || left < RENEW_MS) {
      this.tokens = this.signIn(this.auth);
      this.tokens.catch(() => (this.tokens = undefined));
    }
    return (await this.tokens!).accessToken;
  }

  close(): void {
    for (const client of this.clients.values()) closeClient(client);
    this.clients.clear();
  }

  private client<C extends object, Streams extends keyof C = never>(
    service: ServiceName,
    name: string,
  ): PromiseClient<C, Streams> {
    let client = this.clients.get(name);
    if (!client) {
      const open = name === 'AuthService';
      client = patient(
        createClient<C, Streams>(`priolane.${service}.v1.${name}`, this.stack.services[service].grpc, {
          deadlineMs: 15_000,
          ...(open ? {} : { token: () => this.token() }),
        }),
      );
      this.clients.set(name, client);
    }
    return client as PromiseClient<C, Streams>;
  }
}

/** What a service that is being restarted answers, or one that misses another. A request id makes the repetition safe. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof RpcError)) return false;
  if (error.code === status.UNAVAILABLE || error.code === status.ABORTED) return true;
  return error.reason === '' && (error.code === status.DEADLINE_EXCEEDED || error.code === status.CANCELLED);
}

const RESTART_LIMIT_MS = 60_000;

/** Outlives the restart of a service: calls with one answer are repeated for up to a minute. */
function patient<C extends object>(client: C): C {
  const methods = Object.entries(client).map(([name, method]: [string, (...args: unknown[]) => unknown]) => {
    const patiently = (...args: unknown[]): unknown => {
      const answer = method(...args);
      if (!(answer instanceof Promise)) return answer;
      let first: Promise<unknown> | undefined = answer;
      const attempt = async (): Promise<unknown> => {
        const call = first ?? method(...args);
        first = undefined;
        return call;
      };
      return pRetry(attempt, {
        retries: 1_000,
        minTimeout: 100,
        maxTimeout: 2_000,
        maxRetryTime: RESTART_LIMIT_MS,
        shouldRetry: isPassing,
      });
    };
    return [name, patiently] as const;
  });
  return Object.fromEntries(methods) as C;
}
