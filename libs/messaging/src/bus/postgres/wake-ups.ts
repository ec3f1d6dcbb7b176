import { Logger } from '@nestjs/common';
import pg from 'pg';
import { Outage } from '../../outage.js';

export const CHANNEL = 'priolane_event_bus';
const CONNECT_AGAIN_MS = 2_000;

/** Hears what other processes do on the bus. Polling goes on beside it, so a broken connection only costs time. */
export class WakeUps {
  private readonly outage = new Outage(new Logger(WakeUps.name), 'the event bus is not heard, only polled');
  private readonly listeners = new Set<(news: string) => void>();
  private client?: pg.Client;
  private timer?: NodeJS.Timeout;
  private connecting?: Promise<void>;
  private closed = false;

  constructor(private readonly url: string) {}

  add(listener: (news: string) => void): void {
    this.listeners.add(listener);
    this.connecting ??= this.connect();
  }

  remove(listener: (news: string) => void): void {
    this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.connecting;
    await this.client?.end();
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url, connectionTimeoutMillis: 5_000, keepAlive: true });
    client.on('error', (error) => this.outage.failed(error));
    client.on('end', () => this.connectLater());
    client.on('notification', ({ payload }) => {
      for (const listener of this.listeners) listener(payload ?? '');
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      this.client = client;
      this.outage.over();
      for (const listener of this.listeners) listener('');
    } catch (error) {
      this.outage.failed(error);
      await client.end().catch(() => undefined);
      this.connectLater();
    }
  }

  private connectLater(): void {
    clearTimeout(this.timer);
    this.client = undefined;
    if (this.closed) return;
    this.timer = setTimeout(() => {
      this.connecting = this.connect();
    }, CONNECT_AGAIN_MS);
  }
}
