import type { DeskDocument } from '#kernel/desk/document.js';
import { contentHash } from './desk-content.js';

const hash = (document: object): string => contentHash(document as DeskDocument).toString('hex');

describe('the content of a desk', () => {
  it('is the same in whatever order its keys stand', () => {
    expect(hash({ id: 'a', b: { x: 1, y: [1, { p: null, q: true }] } })).toBe(
      hash({ b: { y: [1, { q: true, p: null }], x: 1 }, id: 'a' }),
    );
  });

  it.each([
    ['another value', { id: 'a', list: [1, 3] }],
    ['another order of a list', { id: 'a', list: [2, 1] }],
    ['a further key', { id: 'a', list: [1, 2], more: 0 }],
    ['text for a number', { id: 'a', list: [1, '2'] }],
  ])('is different with %s', (_, other) => {
    expect(hash(other)).not.toBe(hash({ id: 'a', list: [1, 2] }));
  });
});
