import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type pg from 'pg';
import { Outage } from '../../outage.js';
import { Signal } from '../../signal.js';
import type { BatchHandler, SubscribeOptions, Subscription } from '../event-bus.js';
import { type Claim, GroupMember, MEMBERS_CHANGED } from './group-member.js';
import type { WakeUps } from './wake-ups.js';

const LEASE_MS = 15_000;
const BATCH = 100;
const POLL_MS = 1_000;
const AGAIN_MS = 1_000;

export interface PostgresSubscriptionOptions extends SubscribeOptions {
  readonly group: string;
  readonly topics: readonly string[];
  readonly handler: BatchHandler;
}

/** One member of a consumer group: keeps its lease, and works on each of its partitions that has news. */
export class PostgresSubscription implements Subscription {
  private readonly stopping = new AbortController();
  private readonly awake = new Signal();
  private readonly member: GroupMember;
  private readonly outage: Outage;
  private readonly busy = new Map<string, Promise<void>>();
  private membersChanged = false;
  private running?: Promise<void>;

  constructor(
    pool: pg.Pool,
    private readonly wakeUps: WakeUps,
    private readonly options: PostgresSubscriptionOptions,
  ) {
    const { group, topics, leaseMs = LEASE_MS } = options;
    this.member = new GroupMember(pool, group, topics, leaseMs);
    this.outage = new Outage(new Logger(PostgresSubscription.name), `the consumer group ${group} is interrupted`);
  }

  async start(): Promise<void> {
    await this.member.join();
    this.wakeUps.add(this.onNews);
    this.running = this.run();
  }

  async stop(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    this.stopping.abort();
    this.wakeUps.remove(this.onNews);
    this.awake.raise();
    await this.running;
    await Promise.all(this.busy.values());
    await this.member.leave().catch((error: unknown) => this.outage.failed(error)); // the lease runs out by itself
  }

  private readonly onNews = (news: string): void => {
    if (news === MEMBERS_CHANGED) this.membersChanged = true;
    this.awake.raise();
  };

  private async run(): Promise<void> {
    const renewEveryMs = (this.options.leaseMs ?? LEASE_MS) / 5;
    let renewedAt = Number.NEGATIVE_INFINITY;
    while (!this.stopping.signal.aborted) {
      try {
        if (this.membersChanged || performance.now() - renewedAt > renewEveryMs) {
          this.membersChanged = false;
          renewedAt = performance.now();
          await this.member.renew((claim) => this.busy.has(nameOf(claim)));
        }
        for (const claim of await this.member.withNews()) this.workOn(claim);
      } catch (error) {
        this.outage.failed(error);
      }
      await this.awake.wait(Math.min(POLL_MS, renewEveryMs));
    }
  }

  private workOn(claim: Claim): void {
    const name = nameOf(claim);
    if (this.busy.has(name)) return;
    const work = this.consume(claim)
      .then(() => this.outage.over())
      .catch(async (error: unknown) => {
        if (this.stopping.signal.aborted) return;
        this.outage.failed(error);
        await delay(AGAIN_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      })
      .finally(() => this.busy.delete(name));
    this.busy.set(name, work);
  }

  private async consume(claim: Claim): Promise<void> {
    const { signal } = this.stopping;
    for (const started = performance.now(); !signal.aborted; ) {
      const { messages, end } = await this.member.fetch(claim, this.options.batchSize ?? BATCH);
      const last = messages.at(-1);
      if (!last) return;
      const next = last.offset + 1n;
      await this.options.handler({ ...claim, messages, lag: Number(end - next) }, signal);
      if (!(await this.member.commit(claim, next))) return; // taken over: the other one goes on from the last commit
      if (performance.now() - started > POLL_MS) return this.awake.raise(); // a chance to hand the partition over
    }
  }
}

function nameOf({ topic, partition }: Claim): string {
  return `${topic}/${partition}`;
}
