import { DomainError } from '#kernel/errors.js';
import { newId } from '#kernel/ids.js';
import type { Transaction } from '#platform/database/transaction.js';
import { postgresCode, type RequestKey } from '#platform/database/transactions.js';
import { type DatabaseUnderTest, Parcel, startDatabase } from './rows.js';

const ANSWER = {
  at: new Date('2026-05-18T07:00:00.123Z'),
  minor: 9_007_199_254_740_993n,
  missing: undefined,
  nothing: null,
  nested: { list: [1, 'two', new Map([['three', 3]])], bytes: Buffer.from('four') },
};

const keyOf = (parts: Partial<RequestKey> = {}): RequestKey => ({
  caller: { deskId: 'fleet', accountId: 'kim' },
  operation: 'send-parcel',
  requestId: newId(),
  command: { weight: 1 },
  ...parts,
});

const fieldsOf = (error: DomainError | void) => error!.violations.map(({ field }) => field);

const insert = (id: string) => async (tx: Transaction) => tx.insert(Parcel, { id, weight: 1 });

describe('a request id', () => {
  let under: DatabaseUnderTest;
  beforeAll(async () => {
    under = await startDatabase();
  });
  afterAll(() => under?.stop());

  const once = <T>(key: RequestKey, work: (tx: Transaction) => Promise<T>) => under.transactions.once(key, work);
  const count = async (id: string) => (await under.rows('SELECT FROM parcel WHERE id = $1', [id])).length;
  const remembered = (key: RequestKey) => under.rows('SELECT * FROM idempotency WHERE request_id = $1', [key.requestId]);

  it('brings the same answer again, with its dates, bigints and gaps, and does the work once', async () => {
    const key = keyOf();
    let runs = 0;
    const work = async (tx: Transaction) => {
      runs += 1;
      tx.insert(Parcel, { id: key.requestId, weight: 1 });
      return { ...ANSWER, id: newId() };
    };
    const first = await once(key, work);
    const again = await once({ ...key, command: { weight: 1 } }, work);
    expect(again).toStrictEqual(first);
    expect(Object.keys(again)).toContain('missing');
    expect(again.at.getTime()).toBe(ANSWER.at.getTime());
    expect(runs).toBe(2); // the second time, the work fails at its commit
    expect(await count(key.requestId)).toBe(1);
  });

  it.each(['', 'x'.repeat(129)])('that is none (%p) is refused with whatever else is wrong, and nothing is kept', async (requestId) => {
    const [key, id] = [keyOf({ requestId }), newId()];
    const attempt = (refusal?: DomainError) =>
      once(key, async (tx) => {
        await insert(id)(tx);
        if (refusal) throw refusal;
      }).catch((error: unknown) => error as DomainError);

    expect(fieldsOf(await attempt())).toEqual(['request_id']);
    const invalid = new DomainError('INVALID', 'TOO_HEAVY', 'weight: too much', {
      violations: [{ field: 'weight', description: 'too much' }],
      metadata: { body: 'fragile' },
    });
    const both = await attempt(invalid);
    expect(both).toMatchObject({ kind: 'INVALID', reason: 'TOO_HEAVY', metadata: { body: 'fragile' } });
    expect(fieldsOf(both)).toEqual(['request_id', 'weight']);
    expect(fieldsOf(await attempt(new DomainError('STATE', 'SENT', 'it is on its way')))).toEqual(['request_id']);

    expect(await count(id)).toBe(0);
    expect(await remembered(key)).toEqual([]);
  });

  it('brings an answer of nothing again', async () => {
    const key = keyOf();
    expect(await once(key, async () => undefined)).toBeUndefined();
    expect(await once(key, async () => undefined)).toBeUndefined();
    expect(await remembered(key)).toHaveLength(1);
  });

  it('of twenty at once has one effect, and the same answer for all', async () => {
    const key = keyOf();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        once(key, async (tx) => {
          const id = newId();
          tx.insert(Parcel, { id, weight: 4242 });
          await tx.query('SELECT pg_sleep(0.02)');
          return { id };
        }),
      ),
    );
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
    expect(await under.rows('SELECT id FROM parcel WHERE weight = 4242')).toEqual([{ id: answers[0]!.id }]);
  });

  it.each([
    ['another command', { command: { weight: 2 } }],
    ['another use case', { operation: 'return-parcel' }],
  ])('with %s is refused, and the first answer stays', async (_what, parts) => {
    const key = keyOf();
    const other = newId();
    await once(key, async () => 'first');
    const refused = await once({ ...key, ...parts }, insert(other)).then(() => undefined, (error: unknown) => error);
    expect(refused).toBeInstanceOf(DomainError);
    expect(refused).toMatchObject({ kind: 'ALREADY_EXISTS', reason: 'REQUEST_ID_REUSED', metadata: { request_id: key.requestId } });
    expect(await count(other)).toBe(0);
    expect(await once(key, async () => 'second')).toBe('first');
  });

  it.each([
    ['desk', { deskId: 'packages', accountId: 'kim' }],
    ['account', { deskId: 'fleet', accountId: 'lee' }],
  ])('is another one for another %s', async (_what, caller) => {
    const key = keyOf();
    expect(await once(key, async () => 'kim of fleet')).toBe('kim of fleet');
    expect(await once({ ...key, caller }, async () => 'somebody else')).toBe('somebody else');
  });

  it('of a refused request is free again: the next try may succeed', async () => {
    const key = keyOf();
    const id = newId();
    const refusal = new DomainError('STATE', 'NOT_NOW', 'not now');
    const refused = once(key, async (tx) => {
      await insert(id)(tx);
      throw refusal;
    });
    await expect(refused).rejects.toBe(refusal);
    expect(await remembered(key)).toEqual([]);
    expect(await once(key, async (tx) => insert(id)(tx).then(() => 'sent'))).toBe('sent');
    expect(await count(id)).toBe(1);
  });

  it('of a request that failed at its commit is free again', async () => {
    const key = keyOf();
    const id = newId();
    await under.transactions.run(insert(id));
    const failed = await once(key, insert(id)).then(() => undefined, (error: unknown) => error);
    expect(postgresCode(failed)).toBe('23505');
    expect(await remembered(key)).toEqual([]);
  });

  it('whose first answer got lost on its way brings that answer, though the work would now be refused', async () => {
    const key = keyOf();
    const stock = newId();
    await under.transactions.run(insert(stock));
    const take = async (tx: Transaction) => {
      const rows = await tx.query('DELETE FROM parcel WHERE id = $1 RETURNING id', [stock]);
      if (rows.length === 0) throw new DomainError('NOT_FOUND', 'PARCEL_NOT_FOUND', 'gone');
      return 'taken';
    };
    expect(await once(key, take)).toBe('taken');
    expect(await once(key, take)).toBe('taken');
    await expect(once(keyOf(), take)).rejects.toMatchObject({ reason: 'PARCEL_NOT_FOUND' });
  });

  it('is kept with the time at which it was answered', async () => {
    const key = keyOf();
    under.clock.set('2026-05-18T07:00:00Z');
    await once(key, async () => 'x');
    expect(await remembered(key)).toEqual([
      expect.objectContaining({ desk_id: 'fleet', account_id: 'kim', operation: 'send-parcel', created_at: under.clock.now() }),
    ]);
  });
});
