import { newId } from '#kernel/ids.js';
import type { Transaction } from '#platform/database/transaction.js';
import { postgresCode } from '#platform/database/transactions.js';
import { eventually } from '#testing/neighbours.js';
import { type DatabaseUnderTest, Parcel, startDatabase } from './rows.js';

const parcel = (): Parcel => ({ id: newId(), weight: 1 });

describe('a transaction whose connection is lost', () => {
  let under: DatabaseUnderTest;
  beforeAll(async () => {
    under = await startDatabase();
  });
  afterAll(() => under?.stop());

  const run = <T>(work: (tx: Transaction) => Promise<T>) => under.transactions.run(work);
  const stored = (ids: string[]) => under.rows<Parcel>('SELECT id FROM parcel WHERE id = ANY ($1)', [ids]);

  const KILL = 'SELECT pg_terminate_backend($1)';
  const PID = 'SELECT pg_backend_pid() AS pid';
  const KILL_SLEEPER = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE query LIKE '%pg_sleep(11)%' AND pid <> pg_backend_pid()`;

  const goesOn = async () => {
    const rows = Array.from({ length: 20 }, () => parcel());
    await Promise.all(rows.map((row) => run(async (tx) => tx.insert(Parcel, row))));
    expect(await stored(rows.map((row) => row.id))).toHaveLength(20);
    expect(under.pool().idle).toBe(under.pool().total);
  };

  it('fails, leaves nothing, and the pool goes on without that connection', async () => {
    const row = parcel();
    const error = await failure(
      run(async (tx) => {
        tx.insert(Parcel, row);
        const [{ pid }] = (await tx.query<{ pid: number }>(PID)) as [{ pid: number }];
        await under.rows(KILL, [pid]);
        await new Promise((resolve) => setTimeout(resolve, 50)); // it idles in the transaction when it hears
        await tx.query('SELECT 1');
      }),
    );
    expect(error).toBeInstanceOf(Error);
    expect(await stored([row.id])).toEqual([]);
    await goesOn();
  });

  it('in the middle of a statement, with others behind it', async () => {
    const row = parcel();
    const error = await failure(
      run(async (tx) => {
        tx.insert(Parcel, row);
        const [{ pid }] = (await tx.query<{ pid: number }>(PID)) as [{ pid: number }];
        setTimeout(() => void under.rows(KILL, [pid]), 50);
        tx.execute('SELECT pg_sleep(10)');
        tx.execute('SELECT 1');
      }),
    );
    expect(error).toBeInstanceOf(Error);
    expect(await stored([row.id])).toEqual([]);
    await goesOn();
  });

  it('in the middle of a statement of its own is not given to the next one', async () => {
    const sleeping = failure(run(async (tx) => tx.execute('SELECT pg_sleep(11)')));
    await eventually('the sleeper', async () => (await under.rows(KILL_SLEEPER)).length > 0);
    const error = await sleeping;
    expect(postgresCode(error)).toBe('57P01');
    await goesOn();
  });
});

function failure(call: Promise<unknown>): Promise<unknown> {
  return call.then(() => undefined, (error: unknown) => error);
}
