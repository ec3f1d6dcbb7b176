import pg from 'pg';

export const PLACED_CHANNEL = 'priolane_outbox';

// A relay that lost its network must lose its locks within seconds, not after the two hours of TCP's default.
const KEEPALIVE = '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3';

/**
 * The relay's own connection, outside the service's pool: its lane locks live as long as this session, and it listens.
 * Answers a new client after the old one was lost.
 */
export class RelayConnection {
  private current?: Promise<pg.Client>;

  constructor(
    private readonly url: string,
    private readonly applicationName: string,
    private readonly onPlaced: (by: string) => void,
  ) {}

  client(): Promise<pg.Client> {
    this.current ??= this.connect();
    return this.current;
  }

  async close(): Promise<void> {
    const current = await this.current?.catch(() => undefined);
    this.current = undefined;
    await current?.end().catch(() => undefined);
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: this.applicationName,
      connectionTimeoutMillis: 5_000,
      options: KEEPALIVE,
      keepAlive: true,
      pipeline: true, // all lanes share it
    });
    const forget = (): void => {
      this.current = undefined;
    };
    client.on('error', forget);
    client.on('end', forget);
    client.on('notification', ({ payload }) => this.onPlaced(payload ?? ''));
    try {
      await client.connect();
      await client.query(`LISTEN ${PLACED_CHANNEL}`);
      return client;
    } catch (error) {
      forget();
      await client.end().catch(() => undefined);
      throw error;
    }
  }
}
