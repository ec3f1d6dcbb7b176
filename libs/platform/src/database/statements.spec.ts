import { inserts, statement } from './statements.js';

const row = (table: string, ...values: unknown[]) =>
  statement(`INSERT INTO "${table}" (a, b) VALUES (${values.map((_, i) => `$${i + 1}`).join(', ')})`, values);

describe('statements', () => {
  it('have one name a text, so that each is planned once', () => {
    const [a, b, c] = [statement('SELECT $1', [1]), statement('SELECT $1', [2]), statement('SELECT $2', [1])];
    expect(a.name).toBe(b.name);
    expect(a.name).not.toBe(c.name);
  });

  it('of one table become one with many rows, in the given order', () => {
    expect(inserts([row('t', 1, 2), row('t', 3, 4), row('t', 5, 6)])).toMatchObject({
      text: 'INSERT INTO "t" (a, b) VALUES ($1, $2), ($3, $4), ($5, $6)',
      values: [1, 2, 3, 4, 5, 6],
    });
  });

  it('of several tables become one, each value with its own number', () => {
    const together = inserts([row('t', 1, 2), row('u', 3, 4), row('t', 5, 6)]);
    expect(together.text).toBe(
      'WITH w0 AS (INSERT INTO "t" (a, b) VALUES ($1, $2), ($3, $4)) INSERT INTO "u" (a, b) VALUES ($5, $6)',
    );
    expect(together.values).toEqual([1, 2, 5, 6, 3, 4]);
  });

  it('alone stay as they are', () => {
    const only = row('t', 1, 2);
    expect(inserts([only])).toBe(only);
  });

  it('keep more than nine values apart', () => {
    const wide = statement(`INSERT INTO t (c) VALUES (${Array.from({ length: 12 }, (_, i) => `$${i + 1}`).join(', ')})`, Array(12).fill(0));
    expect(inserts([wide, wide]).text).toMatch(/\$12\), \(\$13, .*\$24\)$/);
  });
});
