import { newId } from '#kernel/ids.js';
import { RowsStatement } from '#platform/database/rows-statement.js';
import { type DatabaseUnderTest, startDatabase } from './rows.js';

interface Row {
  readonly id: string;
  readonly count: number;
  readonly huge?: number;
  readonly isOpen?: boolean;
  readonly text?: string;
  readonly at?: Date;
  readonly data: object;
}

const SELECT = new RowsStatement<Row>(
  { id: 'uuid', count: 'integer', huge: 'bigint', isOpen: 'boolean', text: 'text', at: 'timestamptz', data: 'jsonb' },
  (rows) => `SELECT row.* FROM ${rows}`,
);

describe('a statement over rows', () => {
  let under: DatabaseUnderTest;
  beforeAll(async () => {
    under = await startDatabase();
  });
  afterAll(() => under?.stop());

  const selected = (rows: readonly Row[]) => under.transactions.run((tx) => tx.query(SELECT.text, SELECT.values(rows)));

  it('carries every value as it is, in the given order', async () => {
    const words = ['', ' ', 'NULL', 'null', '{}', '"', '\\', "'", 'a,b', 'two\nlines', 'žluťoučký 🐢', '$1'];
    const rows = words.map((text, i) => ({
      id: newId(),
      count: i - 5,
      huge: 4_102_444_800_000 + i,
      isOpen: i % 2 === 0,
      text,
      at: new Date(Date.UTC(2038, 0, 20, 3, 14, 7, i)),
      data: { [text]: [text, i, null], deep: { text } },
    }));
    expect(await selected(rows)).toEqual(rows.map((row) => ({ ...row, huge: String(row.huge) })));
  });

  it('carries what is absent as NULL', async () => {
    const bare = { id: newId(), count: 1, data: [] };
    expect(await selected([bare])).toEqual([{ ...bare, huge: null, isOpen: null, text: null, at: null }]);
  });

  it('is the same text for any number of rows, and none is no statement', async () => {
    const insert = new RowsStatement<{ id: string; weight: number }>(
      { id: 'text', weight: 'integer' },
      (rows) => `INSERT INTO parcel (id, weight) SELECT id, weight FROM ${rows}`,
    );
    const seen = under.watch();
    for (const count of [0, 1, 1_000]) {
      const rows = Array.from({ length: count }, () => ({ id: newId(), weight: 3 }));
      await under.transactions.run(async (tx) => tx.executeAll(insert, rows));
    }
    expect(seen).toEqual([insert.text, insert.text]);
    expect(await under.rows('SELECT count(*)::integer FROM parcel')).toEqual([{ count: 1_001 }]);
  });
});
