import type { StreamChargeRegisterResponse, StreamLedgerResponse } from '#contracts/generated/priolane/billing/v1/finance.js';
import type { Purchase } from '#contracts/generated/priolane/billing/v1/purchase.js';
import { newId } from '#kernel/ids.js';
import { BillingUnderTest, type Ticketed } from './service.js';

describe('the books', () => {
  let under: BillingUnderTest;

  beforeAll(async () => {
    under = await BillingUnderTest.start(['webshop', 'officehours']);
  });

  afterAll(() => under?.stop());

  const sell = async (desk: string, productId: string): Promise<{ ticketed: Ticketed; purchase: Purchase }> => {
    const ticketed = await under.ticket(desk);
    const purchase = await under.buy(ticketed, productId);
    await under.pay(purchase);
    if (productId === 'callback') {
      await under.until(ticketed.customer, purchase.id, 'AUTHORIZED');
      await under.resolve(ticketed, 'CUSTOMER');
    }
    return { ticketed, purchase: await under.until(ticketed.customer, purchase.id, 'CAPTURED') };
  };
  const refund = (deskId: string, purchaseId: string, minor?: string) =>
    under.purchases({ deskId, roles: ['finance'], accountId: 'fin-1' }).refundPurchase({
      requestId: newId(),
      purchaseId,
      amount: minor ? { minor, currency: 'EUR' } : null,
      reason: 'OUR_FAULT',
    });
  const register = async (desk: string): Promise<StreamChargeRegisterResponse[]> =>
    collect(under.finance(desk).streamChargeRegister({ from: null, to: null }));
  const ledger = async (desk: string, period = ''): Promise<StreamLedgerResponse[]> =>
    collect(under.finance(desk).streamLedger({ period }));
  const balances = async (desk: string): Promise<Record<string, string>> => {
    const { balances: rows } = await under.finance(desk).listLedgerBalances({ period: '' });
    return Object.fromEntries(rows.map((row) => [`${row.account} ${row.currency}`, row.balanceMinor]));
  };
  it('agree with the register, row for row and in total', async () => {
    await under.rig.control('POST', '/settings', { fees: { eur: { basis_points: 140, fixed: 25 } } });
    const kept = await sell('webshop', 'priority');
    const part = await sell('webshop', 'priority');
    const back = await sell('webshop', 'priority');
    await refund('webshop', part.purchase.id, '101');
    await refund('webshop', back.purchase.id);
    const open = await under.buy(await under.ticket('webshop'));
    await under.quiet();

    const rows = await register('webshop');
    const ids = [kept.purchase.id, part.purchase.id, back.purchase.id, open.id];
    expect(rows.map((row) => row.purchaseId)).toEqual(ids);
    expect(rows[0]).toMatchObject({
      currency: 'EUR',
      netMinor: '412',
      taxMinor: '78',
      authorizedMinor: '490',
      capturedMinor: '490',
      stripeFeeMinor: '32',
      netToUsMinor: '458',
      state: 'CAPTURED',
      refundIds: [],
      chargeId: expect.stringMatching(/^ch_/),
      balanceTransactionIds: [expect.stringMatching(/^txn_/)],
      postingPeriod: under.clock.now().toISOString().slice(0, 7),
    });
    expect(rows[1]).toMatchObject({ refundedMinor: '101', refundReason: 'OUR_FAULT', approver: 'fin-1', state: 'CAPTURED' });
    expect(rows[1]!.refundIds).toHaveLength(1);
    expect(rows[2]).toMatchObject({ refundedMinor: '490', netToUsMinor: '-32', state: 'REFUNDED' });

    const books = await balances('webshop');
    const captured = sum(rows.map((row) => row.capturedMinor)) - sum(rows.map((row) => row.refundedMinor));
    expect(BigInt(books['revenue EUR']!) + BigInt(books['tax_payable EUR']!)).toBe(-captured);
    expect(books['stripe_fees EUR']).toBe(String(sum(rows.map((row) => row.stripeFeeMinor))));
    expect(books['stripe_clearing EUR']).toBe(String(sum(rows.map((row) => row.netToUsMinor))));

    const transactions = await ledger('webshop');
    for (const row of rows) {
      const own = transactions.filter((transaction) => transaction.purchaseId === row.purchaseId);
      expect(own).toHaveLength(row.balanceTransactionIds.length);
      const clearing = own.flatMap((t) => t.postings).filter((posting) => posting.account === 'stripe_clearing');
      expect(sum(clearing.map((p) => p.debitMinor)) - sum(clearing.map((p) => p.creditMinor))).toBe(BigInt(row.netToUsMinor));
    }
    const postings = transactions.flatMap((transaction) => transaction.postings);
    expect(sum(postings.map((p) => p.debitMinor))).toBe(sum(postings.map((p) => p.creditMinor)));
    expect(await ledger('webshop', '2020-01')).toEqual([]);
  });

  it('show −3.17 for 99.00 refunded with a fee of 3.17 that is kept', async () => {
    await under.rig.control('POST', '/settings', { fees: { eur: { basis_points: 0, fixed: 317 } } });
    const { purchase } = await sell('officehours', 'callback');
    await refund('officehours', purchase.id);
    await under.quiet();
    const row = (await register('officehours')).find((r) => r.purchaseId === purchase.id);
    expect(row).toMatchObject({ capturedMinor: '9900', refundedMinor: '9900', stripeFeeMinor: '317', netToUsMinor: '-317' });
  });

  it('post a partial capture as what was authorised and what was given back', async () => {
    await under.rig.control('POST', '/settings', { partial_capture: 'two_lines' });
    const ticketed = await under.ticket('officehours');
    const purchase = await under.buy(ticketed, 'callback');
    await under.pay(purchase);
    await under.rig.stripe.paymentIntents.capture(purchase.paymentIntentId, { amount_to_capture: 4_900 });
    await under.until(ticketed.customer, purchase.id, 'CAPTURED', (p) => p.captured!.minor === '4900');
    const lines = (await ledger('officehours')).filter((line) => line.purchaseId === purchase.id);
    const sold = lines.map((line) => {
      const posted = line.postings.filter((p) => p.account === 'revenue' || p.account === 'tax_payable');
      return [line.description, sum(posted.map((p) => p.creditMinor)) - sum(posted.map((p) => p.debitMinor))];
    });
    expect(sold).toEqual([
      ['charge', 9_900n],
      ['partial_capture_reversal', -5_000n],
    ]);
  });

  it('balance in each currency when Stripe settles in another', async () => {
    await under.rig.control('POST', '/settings', { settlement: { eur: { currency: 'usd', rate: 1.1 } } });
    const { purchase } = await sell('webshop', 'priority');
    await under.rig.control('POST', '/settings', { settlement: { eur: { currency: 'eur', rate: 1 } } });
    const [transaction] = (await ledger('webshop')).filter((t) => t.purchaseId === purchase.id);
    for (const currency of ['EUR', 'USD']) {
      const own = transaction!.postings.filter((posting) => posting.currency === currency);
      expect(own.length).toBeGreaterThanOrEqual(2);
      expect(sum(own.map((p) => p.debitMinor))).toBe(sum(own.map((p) => p.creditMinor)));
    }
    expect((await register('webshop')).find((row) => row.purchaseId === purchase.id)!.exchangeRate).toBe('1.1');
  });

  describe('refuse, in the database itself,', () => {
    it('what does not balance, in any one currency', async () => {
      await expect(entry(under, [['revenue', 'EUR', 0, 100], ['stripe_clearing', 'EUR', 99, 0]])).rejects.toThrow('does not balance');
      await expect(entry(under, [['revenue', 'EUR', 0, 100], ['stripe_clearing', 'USD', 100, 0]])).rejects.toThrow('does not balance');
      await expect(entry(under, [])).rejects.toThrow('has no postings');
      await expect(entry(under, [['revenue', 'EUR', 0, -5], ['stripe_clearing', 'EUR', -5, 0]])).rejects.toThrow('violates check');
      await expect(entry(under, [['revenue', 'EUR', 0, 100], ['stripe_clearing', 'EUR', 100, 0]])).resolves.toBeUndefined();
    });

    it.each([
      'UPDATE ledger_posting SET debit_minor = debit_minor + 1 WHERE debit_minor > 0',
      `UPDATE ledger_transaction SET period = '2020-01'`,
      'DELETE FROM ledger_posting',
      'DELETE FROM ledger_transaction',
      'TRUNCATE ledger_posting',
    ])('%s', async (sql) => {
      await expect(under.rows(sql)).rejects.toThrow('append-only');
    });

    it('a pair added to what is in the books', async () => {
      const sql = `INSERT INTO ledger_posting SELECT id, 90, 'revenue', 'EUR', 0, 7 FROM ledger_transaction LIMIT 1`;
      await expect(under.rows(sql)).rejects.toThrow('is complete');
    });

    it.each([
      ['captured_minor = authorized_minor + 1', 'purchase_captured'],
      ['authorized_minor = gross_minor + 1', 'purchase_authorized'],
      ['refunded_minor = captured_minor + 1', 'purchase_given_back'],
      ['disputed_minor = captured_minor + 1', 'purchase_given_back'],
    ])('%s', async (change, constraint) => {
      await expect(under.rows(`UPDATE purchase SET ${change}`)).rejects.toThrow(constraint);
    });
  });

  it('are read to the end, in order, however long, and let go of when nobody reads on', async () => {
    await under.rows(`
      INSERT INTO purchase SELECT copy.*
      FROM (SELECT purchase AS row FROM purchase WHERE captured_minor = 0 LIMIT 1) original, generate_series(1, 1501) n,
        LATERAL jsonb_populate_record(original.row, jsonb_build_object('id', gen_random_uuid(), 'intent_id', NULL,
          'state', 'CANCELED', 'desk_id', 'long', 'created_at', (original.row).created_at + n * interval '1 second')) copy`);
    const rows = await register('long');
    expect(rows).toHaveLength(1_501);
    const stop = new AbortController();
    const seen: string[] = [];
    const reading = async (): Promise<void> => {
      for await (const row of under.finance('long').streamChargeRegister({ from: null, to: null }, { signal: stop.signal })) {
        seen.push(row.purchaseId);
        if (seen.length === 10) stop.abort();
      }
    };
    // More often than there are connections in the pool.
    for (let i = 0; i < 12; i += 1) {
      await reading().catch(() => undefined);
      seen.length = 0;
    }
    expect(await register('long')).toHaveLength(1_501);
  });
});

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

function sum(values: readonly string[]): bigint {
  return values.reduce((total, value) => total + BigInt(value), 0n);
}

/** Writes a ledger transaction past all of our own code. */
async function entry(under: BillingUnderTest, postings: readonly [string, string, number, number][]): Promise<void> {
  const [purchase] = await under.rows<{ id: string }>('SELECT id FROM purchase LIMIT 1');
  const id = newId();
  const client = await under.database.connect();
  try {
    await client.query('BEGIN');
    await client.query(
      `INSERT INTO ledger_transaction (id, desk_id, purchase_id, balance_transaction_id, description, period, occurred_at, posted_at)
       VALUES ($1, 'nowhere', $2, $3, 'test', '2026-11', now(), now())`,
      [id, purchase!.id, `txn_${id}`],
    );
    for (const [line, [account, currency, debit, credit]] of postings.entries()) {
      await client.query('INSERT INTO ledger_posting VALUES ($1, $2, $3, $4, $5, $6)', [id, line, account, currency, debit, credit]);
    }
    await client.query('COMMIT');
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}
