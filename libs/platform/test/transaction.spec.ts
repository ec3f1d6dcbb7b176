import { newId } from '#kernel/ids.js';
import type { Transaction } from '#platform/database/transaction.js';
import { postgresCode } from '#platform/database/transactions.js';
import { type DatabaseUnderTest, Parcel, Scan, startDatabase } from './rows.js';

const parcel = (parts: Partial<Parcel> = {}): Parcel => ({ id: newId(), weight: 1, ...parts });

describe('a transaction', () => {
  let under: DatabaseUnderTest;
  beforeAll(async () => {
    under = await startDatabase();
  });
  afterAll(() => under?.stop());

  const run = <T>(work: (tx: Transaction) => Promise<T>) => under.transactions.run(work);
  const stored = (ids: string[]) =>
    under.rows<Parcel>('SELECT id, weight FROM parcel WHERE id = ANY ($1) ORDER BY position', [ids]);

  it('shows its own writes to a read that comes after them, and to nobody else before the commit', async () => {
    const row = parcel();
    await run(async (tx) => {
      tx.insert(Parcel, row);
      tx.update(Parcel, { id: row.id }, { weight: 7 });
      tx.execute('UPDATE parcel SET weight = weight + 1 WHERE id = $1', [row.id]);
      expect(await tx.query('SELECT weight FROM parcel WHERE id = $1', [row.id])).toEqual([{ weight: 8 }]);
      expect(await stored([row.id])).toEqual([]);
    });
    expect(await stored([row.id])).toEqual([{ ...row, weight: 8 }]);
  });

  describe('on the wire', () => {
    it('one insert is one statement without BEGIN', async () => {
      await run(async (tx) => tx.insert(Parcel, parcel())); // connects
      const seen = under.watch();
      await run(async (tx) => tx.insert(Parcel, parcel()));
      expect(seen).toEqual([expect.stringMatching(/^INSERT INTO "parcel" /)]);
    });

    it('inserts only, into several tables, are one statement without BEGIN', async () => {
      const rows = [parcel(), parcel(), parcel()];
      const seen = under.watch();
      await run(async (tx) => {
        for (const row of rows) {
          tx.insert(Parcel, row);
          tx.insert(Scan, { parcelId: row.id, place: 'gate' });
        }
      });
      expect(seen).toHaveLength(1);
      expect(seen[0]).toMatch(/^WITH w0 AS \(INSERT INTO "parcel" .*INSERT INTO "scan" /);
      const found = await under.rows('SELECT FROM scan JOIN parcel ON id = parcel_id WHERE id = ANY ($1)', [rows.map((r) => r.id)]);
      expect(found).toHaveLength(3);
    });

    it('with anything else they go between BEGIN and COMMIT, in the order of the calls', async () => {
      const row = parcel();
      const seen = under.watch();
      await run(async (tx) => {
        tx.insert(Parcel, row);
        tx.update(Parcel, { id: row.id }, { weight: 2 });
        tx.insert(Scan, { parcelId: row.id, place: 'gate' });
      });
      expect(seen.map((text) => text.split(' ', 1)[0])).toEqual(['BEGIN', 'INSERT', 'UPDATE', 'INSERT', 'COMMIT']);
    });

    it('a read opens the transaction, and what was written before it goes out with it', async () => {
      const seen = under.watch();
      await run(async (tx) => {
        tx.insert(Parcel, parcel());
        await tx.query('SELECT 1');
        tx.insert(Parcel, parcel());
      });
      expect(seen.map((text) => text.split(' ', 1)[0])).toEqual(['BEGIN', 'INSERT', 'SELECT', 'INSERT', 'COMMIT']);
    });

    it('nothing to do is nothing sent', async () => {
      const seen = under.watch();
      expect(await run(async () => 'done')).toBe('done');
      expect(seen).toEqual([]);
    });
  });

  it('rows of one table get their identities in the order in which they were given', async () => {
    const rows = Array.from({ length: 100 }, (_, i) => parcel({ weight: i + 1 }));
    await run(async (tx) => {
      for (const row of rows) {
        tx.insert(Parcel, row);
        if (row.weight % 3 === 0) tx.insert(Scan, { parcelId: row.id, place: String(row.weight) });
      }
    });
    expect(await stored(rows.map((row) => row.id))).toEqual(rows);
    const scans = await under.rows<Scan>(
      'SELECT place FROM scan WHERE parcel_id = ANY ($1) ORDER BY position', [rows.map((row) => row.id)],
    );
    expect(scans.map((scan) => Number(scan.place))).toEqual(rows.map((r) => r.weight).filter((weight) => weight % 3 === 0));
  });

  describe('leaves nothing', () => {
    it('of a work that fails, before or after a read', async () => {
      const rows = [parcel(), parcel()];
      const seen = under.watch();
      const early = run(async (tx) => {
        tx.insert(Parcel, rows[0]!);
        throw new Error('no');
      });
      await expect(early).rejects.toThrow('no');
      expect(seen).toEqual([]);
      const late = run(async (tx) => {
        tx.insert(Parcel, rows[1]!);
        await tx.query('SELECT 1');
        throw new Error('no');
      });
      await expect(late).rejects.toThrow('no');
      expect(seen.at(-1)).toBe('ROLLBACK');
      expect(await stored(rows.map((row) => row.id))).toEqual([]);
    });

    it.each(['23514', '23503'])('when a statement in the middle fails with %s', async (code) => {
      const rows = [parcel(), parcel(), parcel()];
      const error = await failure(
        run(async (tx) => {
          tx.insert(Parcel, rows[0]!);
          tx.update(Parcel, { id: rows[0]!.id }, { weight: 2 });
          if (code === '23514') tx.insert(Parcel, { ...rows[1]!, weight: -1 });
          else tx.insert(Scan, { parcelId: 'nobody', place: 'gate' });
          tx.update(Parcel, { id: rows[0]!.id }, { weight: 3 });
          tx.insert(Parcel, rows[2]!);
        }),
      );
      expect(postgresCode(error)).toBe(code);
      expect(await stored(rows.map((row) => row.id))).toEqual([]);
    });

    it('when one of several inserts fails that go as one statement', async () => {
      const rows = [parcel(), parcel()];
      const error = await failure(
        run(async (tx) => {
          tx.insert(Parcel, rows[0]!);
          tx.insert(Scan, { parcelId: 'nobody', place: 'gate' });
          tx.insert(Parcel, rows[1]!);
        }),
      );
      expect(postgresCode(error)).toBe('23503');
      expect(await stored(rows.map((row) => row.id))).toEqual([]);
    });

    it('when the work caught a failure and went on: that is no success', async () => {
      const row = parcel();
      const call = run(async (tx) => {
        tx.insert(Parcel, row);
        await failure(tx.query('SELECT 1 / 0'));
      });
      await expect(call).rejects.toThrow('rolled back');
      expect(await stored([row.id])).toEqual([]);
    });
  });

  it('tells of the commit once, and only when there was one', async () => {
    const told: string[] = [];
    await run(async (tx) => {
      tx.onCommitted(() => told.push('yes'));
      tx.insert(Parcel, parcel());
      expect(told).toEqual([]);
    });
    await failure(
      run(async (tx) => {
        tx.onCommitted(() => told.push('no'));
        tx.insert(Parcel, parcel({ weight: -1 }));
      }),
    );
    expect(told).toEqual(['yes']);
  });

  it('refuses a column that the entity does not have', async () => {
    const call = run(async (tx) => tx.insert(Parcel, { id: 'x', colour: 'red' } as Partial<Parcel>));
    await expect(call).rejects.toThrow('Parcel has no column for colour');
  });

  describe('is run again as a whole', () => {
    it('after a deadlock (40P01)', async () => {
      const rows = [parcel(), parcel()];
      await run(async (tx) => rows.forEach((row) => tx.insert(Parcel, row)));
      let runs = 0;
      const both = gate(2);
      const told: number[] = [];
      const add = (first: Parcel, second: Parcel) =>
        run(async (tx) => {
          const attempt = (runs += 1);
          tx.onCommitted(() => told.push(attempt));
          await tx.query('SELECT FROM parcel WHERE id = $1 FOR UPDATE', [first.id]);
          await both();
          await tx.query('SELECT FROM parcel WHERE id = $1 FOR UPDATE', [second.id]);
          tx.execute('UPDATE parcel SET weight = weight + 1 WHERE id = ANY ($1)', [[first.id, second.id]]);
        });
      await Promise.all([add(rows[0]!, rows[1]!), add(rows[1]!, rows[0]!)]);
      expect(runs).toBe(3);
      expect(told).toHaveLength(2);
      expect((await stored(rows.map((row) => row.id))).map((row) => row.weight)).toEqual([3, 3]);
    });

    it('after a serialisation failure (40001)', async () => {
      const rows = [parcel(), parcel()];
      await run(async (tx) => rows.forEach((row) => tx.insert(Parcel, row)));
      let runs = 0;
      const both = gate(2);
      const move = (to: Parcel) =>
        run(async (tx) => {
          runs += 1;
          tx.execute('SET TRANSACTION ISOLATION LEVEL SERIALIZABLE');
          const [sum] = await tx.query<{ sum: string }>('SELECT sum(weight) FROM parcel WHERE id = ANY ($1)', [rows.map((r) => r.id)]);
          await both();
          tx.update(Parcel, { id: to.id }, { weight: Number(sum!.sum) });
        });
      await Promise.all(rows.map(move));
      expect(runs).toBe(3);
      // As if one came after the other: the second saw 2 + 1.
      expect((await stored(rows.map((row) => row.id))).map((row) => row.weight).sort()).toEqual([2, 3]);
    });

    it('four times at most, and never for another failure', async () => {
      let runs = 0;
      const fail = (code: string) =>
        run(async (tx) => {
          runs += 1;
          tx.execute(`DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '${code}'; END $$`);
        });
      expect(postgresCode(await failure(fail('40001')))).toBe('40001');
      expect(runs).toBe(4);
      runs = 0;
      expect(postgresCode(await failure(fail('55P03')))).toBe('55P03');
      expect(runs).toBe(1);
    });
  });
});

function failure(call: Promise<unknown>): Promise<unknown> {
  return call.then(() => undefined, (error: unknown) => error);
}

/** Lets everybody through as soon as so many have come; later comers are not held up. */
function gate(count: number): () => Promise<void> {
  let open: () => void;
  let come = 0;
  const all = new Promise<void>((resolve) => (open = resolve));
  return () => {
    come += 1;
    if (come === count) open();
    return all;
  };
}
