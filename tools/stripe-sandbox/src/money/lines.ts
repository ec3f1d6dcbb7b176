import type { BalanceTransaction, Settings } from '../model.js';
import { settings } from '../settings.js';
import { newId, type Work } from '../work.js';

interface Line {
  readonly type: BalanceTransaction['type'];
  readonly reporting_category: string;
  /** In the currency of the payment; what it comes to in the balance's own is worked out here. */
  readonly amount: number;
  readonly currency: string;
  readonly source: string | null;
  readonly fee?: number;
  readonly fee_description?: string;
  readonly description?: string | null;
  readonly available_on?: number;
}

/** Posts one line of the balance. `fee` is in the settlement currency, like all amounts of the result. */
export function postLine(work: Work, line: Line): BalanceTransaction {
  const { fee = 0 } = line;
  const settled = settle(work, line.amount, line.currency);
  const available_on = line.available_on ?? work.now;
  const transaction: BalanceTransaction = {
    id: newId('balance_transaction'),
    object: 'balance_transaction',
    amount: settled.amount,
    available_on,
    balance_type: 'payments',
    created: work.now,
    currency: settled.currency,
    description: line.description ?? null,
    exchange_rate: settled.exchange_rate,
    fee,
    fee_details:
      fee === 0
        ? []
        : [
            {
              amount: fee,
              application: null,
              currency: settled.currency,
              description: line.fee_description ?? 'Stripe processing fees',
              type: 'stripe_fee',
            },
          ],
    net: settled.amount - fee,
    reporting_category: line.reporting_category,
    source: line.source,
    status: available_on <= work.now ? 'available' : 'pending',
    type: line.type,
  };
  work.store.put('balance_transaction', transaction);
  return transaction;
}

/** What an amount comes to in the currency the account keeps it in. */
export function settle(
  work: Work,
  amount: number,
  currency: string,
): { amount: number; currency: string; exchange_rate: number | null } {
  const rule = settings(work.store).settlement[currency];
  if (rule === undefined) return { amount, currency, exchange_rate: null };
  return { amount: Math.round(amount * rule.rate), currency: rule.currency, exchange_rate: rule.rate };
}

/** The processing fee of a card payment, rounded half up to a minor unit: the schedule is data of the sandbox. */
export function processingFee(work: Work, amount: number, currency: string): number {
  const settled = settle(work, amount, currency);
  const { fees } = settings(work.store);
  const schedule = fees[settled.currency] ?? fees['default'];
  if (schedule === undefined) return 0;
  return Math.floor((settled.amount * schedule.basis_points + 5_000) / 10_000) + schedule.fixed;
}

export function disputeFee({ dispute_fees }: Settings, currency: string): number {
  return dispute_fees[currency] ?? dispute_fees['default'] ?? 0;
}

/** Funds whose day has come turn from pending to available. */
export function matureLines(work: Work): void {
  for (const line of work.store.all('balance_transaction')) {
    if (line.status === 'pending' && line.available_on <= work.now) {
      work.store.put('balance_transaction', { ...line, status: 'available' });
    }
  }
}
