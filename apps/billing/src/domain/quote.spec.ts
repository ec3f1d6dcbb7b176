import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDeskParser } from '#kernel/desk/parse.js';
import { money } from '#kernel/money.js';
import { inWords, makeQuote, productOf } from './quote.js';
import type { Ticket } from './ticket.js';

const desks = join(import.meta.dirname, '../../../../desks');
const parse = createDeskParser(readFileSync(join(desks, 'desk.schema.json'), 'utf8'));
const desk = parse(readFileSync(join(desks, 'webshop.yaml'), 'utf8')).document;
const product = productOf(desk, 'priority');
const ticket: Ticket = {
  id: 't',
  deskId: 'webshop',
  number: '1',
  type: 'question',
  channel: 'form',
  lane: 'normal',
  statusKind: 'OPEN',
  language: 'en',
};
const how = { id: 'q', included: false };
const at = (time: string) => new Date(time);

describe('a quote', () => {
  it('has the price in force, for half an hour', () => {
    const prices = [...product.prices, { version: 2, from: '2026-06-01T00:00:00Z', minor: 590, currency: 'EUR', taxBasisPoints: 1900 }];
    const raised = { ...product, prices };
    expect(makeQuote(desk, ticket, raised, how, at('2026-05-31T23:59:59Z'))).toMatchObject({ priceVersion: 1, gross: 490n });
    const quote = makeQuote(desk, ticket, raised, how, at('2026-06-01T00:00:00Z'));
    expect(quote).toMatchObject({ priceVersion: 2, gross: 590n, net: 496n, tax: 94n, expiresAt: at('2026-06-01T00:30:00Z') });
  });

  it('is not given before the first price, for a ticket that is over, or where the desk does not offer it', () => {
    const notOffered = expect.objectContaining({ reason: 'PRODUCT_NOT_OFFERED' });
    const now = at('2026-03-02T09:00:00Z');
    expect(() => makeQuote(desk, ticket, product, how, at('2025-12-31T00:00:00Z'))).toThrow(notOffered);
    expect(() => makeQuote(desk, { ...ticket, statusKind: 'CLOSED' }, product, how, now)).toThrow(notOffered);
    expect(() => makeQuote(desk, ticket, only({ lanes: ['priority'] }), how, now)).toThrow(notOffered);
    expect(() => makeQuote(desk, ticket, only({ fields: { area: ['checkout'] } }), how, now)).toThrow(notOffered);
    expect(() => makeQuote(desk, ticket, only({ signedIn: false }), how, now)).toThrow(notOffered);
    expect(makeQuote(desk, ticket, only({ lanes: ['normal'], signedIn: true }), how, now).gross).toBe(490n);
  });

  it('says the price in the customer’s language, in currencies with no, two and three decimals', () => {
    expect(inWords(money(490, 'EUR'), 'de')).toBe('4,90\u00a0€');
    expect(inWords(money(1100, 'JPY'), 'en')).toBe('¥1,100');
    expect(inWords(money(1050, 'BHD'), 'en')).toBe('BHD\u00a01.050');
    expect(inWords(money(5n, 'EUR'), 'en')).toBe('€0.05');
    expect(inWords(money(9_007_199_254_740_993n, 'EUR'), 'en')).toBe('€90,071,992,547,409.93');
  });
});

function only(offeredWhen: object): typeof product {
  return { ...product, offeredWhen };
}
