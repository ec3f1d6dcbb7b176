import { z } from 'zod';
import { DomainError } from '#kernel/errors.js';
import { pageToken, readPage, toPage } from './paging.js';

const cursor = z.object({ number: z.number() });
const query = { desk: 'fleet', status: ['OPEN'] };

describe('paging', () => {
  it('walks through all rows, each once', () => {
    const rows = Array.from({ length: 7 }, (_, i) => ({ number: i + 1 }));
    const seen: number[] = [];
    let token = '';
    do {
      const page = readPage({ pageSize: 3, pageToken: token }, query, cursor);
      const found = rows.filter((row) => row.number > (page.cursor?.number ?? 0)).slice(0, page.size + 1);
      const answer = toPage(found, page, query, ({ number }) => ({ number }));
      seen.push(...answer.rows.map((row) => row.number));
      token = answer.nextPageToken;
    } while (token !== '');
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('gives 50 rows when none are asked for, and 500 at most', () => {
    expect(readPage({ pageSize: 0, pageToken: '' }, query, cursor)).toEqual({ size: 50 });
    expect(readPage({ pageSize: 100_000, pageToken: '' }, query, cursor)).toEqual({ size: 500 });
  });

  it.each([
    ['of another query', pageToken({ number: 3 }, { ...query, desk: 'webshop' })],
    ['with another cursor', pageToken({ name: 'x' }, query)],
    ['that is none', 'abc'],
    ['with a changed cursor type', pageToken({ number: "1' OR 1=1" }, query)],
  ])('refuses a token %s', (_, token) => {
    const read = () => readPage({ pageSize: 10, pageToken: token }, query, cursor);
    expect(read).toThrow(DomainError);
    expect(read).toThrow('page_token: is not a token that this query gave');
  });

  it('refuses a negative size', () => {
    expect(() => readPage({ pageSize: -1, pageToken: '' }, query, cursor)).toThrow('page_size');
  });
});
