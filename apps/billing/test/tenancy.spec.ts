import { newId } from '#kernel/ids.js';
import { type Attempt, type Theirs, walkTenancy } from '#testing/tenancy-walk.js';
import { BillingUnderTest } from './service.js';

/** Kim, on the desk `webshop`, has paid for one ticket and has a quote for another. */
async function start(): Promise<Theirs> {
  const under = await BillingUnderTest.start(['webshop', 'officehours']);
  const paid = await under.ticket('webshop');
  const { id: purchaseId, paymentIntentId, ticketId } = await under.buy(paid);
  await under.pay(await under.get(paid.customer, purchaseId));
  await under.until(paid.customer, purchaseId, 'CAPTURED');
  await under.told(purchaseId, 2);
  await under.quiet();
  const open = await under.ticket('webshop', {}, paid.customer);
  const { id: quoteId, consentVersion } = await under.quote(open, 'priority');

  const requestId = newId();
  const attempts: Record<string, Attempt[]> = {
    'FinanceService/ListLedgerBalances': [{ request: { period: '' }, answer: 'OK' }],
    'FinanceService/StreamChargeRegister': [{ request: { from: null, to: null }, answer: 'OK' }],
    'FinanceService/StreamLedger': [{ request: { period: '' }, answer: 'OK' }],
    'PriceService/CreateQuote': [{ request: { requestId, ticketId: open.ticketId, productId: 'priority', language: '' } }],
    'PriceService/ListPrices': [{ request: {}, answer: 'OK' }],
    'PurchaseService/CancelPurchase': [{ request: { requestId, purchaseId } }],
    'PurchaseService/CreatePurchase': [{ request: { requestId, quoteId, consentAccepted: true, consentVersion } }],
    'PurchaseService/GetPurchase': [{ request: { purchaseId } }],
    'PurchaseService/ListPurchases': [
      { request: { ticketId, pageSize: 0, pageToken: '' }, answer: 'OK' },
      { request: { ticketId: '', pageSize: 0, pageToken: '' }, answer: 'OK' },
    ],
    'PurchaseService/RefundPurchase': [{ request: { requestId, purchaseId, amount: null, reason: 'GOODWILL' } }],
  };
  return {
    service: under.service,
    deskId: 'webshop',
    otherDeskId: 'officehours',
    secret: paymentIntentId,
    attempts,
    owner: { caller: paid.customer, method: 'PurchaseService/GetPurchase' },
    stop: () => under.stop(),
  };
}

walkTenancy('priolane.billing.v1', start);
