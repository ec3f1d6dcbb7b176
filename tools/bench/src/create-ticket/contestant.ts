import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TicketServiceClient } from '#contracts/generated/priolane/tickets/v1/ticket.js';
import { newId } from '#kernel/ids.js';
import { closeClient, createClient } from '#platform/grpc/client.js';
import { cpuOf } from './cpu.js';

export interface Round {
  readonly perSecond: number;
  readonly serverCpuUs: number;
  readonly postgresCpuUs: number;
}

/** A server in a process of its own, and 16 callers that ask as fast as it answers. */
export class Contestant {
  private constructor(
    private readonly child: ChildProcess,
    private readonly client: ReturnType<typeof connect>,
  ) {}

  static async start(script: string, env: Readonly<Record<string, string>>): Promise<Contestant> {
    const child = fork(fileURLToPath(new URL(script, import.meta.url)), { env: { ...process.env, ...env } });
    const ready = once(child, 'message') as Promise<[{ address: string; token?: string }]>;
    const gone = once(child, 'exit').then(() => Promise.reject(new Error(`${script} ended before it served`)));
    const [{ address, token }] = await Promise.race([ready, gone]);
    gone.catch(() => undefined);
    return new Contestant(child, connect(address, token));
  }

  async round(callers: number, seconds: number, postgresPid: number | undefined): Promise<Round> {
    const before = this.cpu(postgresPid);
    const started = performance.now();
    const until = started + seconds * 1000;
    const counts = await Promise.all(Array.from({ length: callers }, () => this.ask(until)));
    const took = (performance.now() - started) / 1000;
    const after = this.cpu(postgresPid);
    const requests = counts.reduce((sum, count) => sum + count, 0);
    return {
      perSecond: requests / took,
      serverCpuUs: (after.server - before.server) / requests,
      postgresCpuUs: (after.postgres - before.postgres) / requests,
    };
  }

  async stop(): Promise<void> {
    closeClient(this.client);
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  private async ask(until: number): Promise<number> {
    for (let count = 0; ; count += 1) {
      if (performance.now() >= until) return count;
      await this.client.createTicket({
        requestId: newId(),
        subject: 'The printer burns',
        description: 'The printer on floor 3 is on fire, please help. It started at nine.',
        type: '',
        department: '',
        priority: '',
        channel: '',
        language: '',
        questionId: '',
        fields: { area: 'checkout' },
        onBehalfOf: null,
      });
    }
  }

  private cpu(postgresPid: number | undefined): { server: number; postgres: number } {
    return { server: cpuOf(this.child.pid!) ?? Number.NaN, postgres: (postgresPid && cpuOf(postgresPid)) || Number.NaN };
  }
}

function connect(address: string, token: string | undefined) {
  return createClient<TicketServiceClient, 'watchEvents'>('priolane.tickets.v1.TicketService', address, {
    deadlineMs: 20_000,
    ...(token ? { token: () => token } : {}),
  });
}
