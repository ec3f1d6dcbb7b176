import { money, splitGross } from '#kernel/money.js';
import type { BalanceLine } from './payment.js';
import type { Purchase } from './purchase.js';

/** The chart of accounts. */
export const ACCOUNTS = ['stripe_clearing', 'stripe_fees', 'revenue', 'tax_payable', 'currency_exchange'] as const;
export type Account = (typeof ACCOUNTS)[number];

export interface Posting {
  readonly account: Account;
  readonly currency: string;
  readonly debit: bigint;
  readonly credit: bigint;
}

export interface LedgerTransaction {
  readonly balanceTransactionId: string;
  readonly category: string;
  readonly occurredAt: Date;
  /** YYYY-MM in the desk's time zone. */
  readonly period: string;
  readonly exchangeRate?: string;
  readonly postings: readonly Posting[];
}

/** What each new line of Stripe's balance means in the books, and the purchase with what is then posted. */
export function post(
  purchase: Purchase,
  lines: readonly BalanceLine[],
  posted: ReadonlySet<string>,
  timeZone: string,
): { readonly purchase: Purchase; readonly transactions: readonly LedgerTransaction[] } {
  const transactions: LedgerTransaction[] = [];
  let total = purchase.posted;
  for (const line of lines) {
    if (posted.has(line.id)) continue;
    transactions.push({
      balanceTransactionId: line.id,
      category: line.category,
      occurredAt: line.occurredAt,
      period: periodOf(line.occurredAt, timeZone),
      exchangeRate: line.exchangeRate,
      postings: postingsOf(purchase, line, total),
    });
    total += line.presented;
  }
  return { purchase: { ...purchase, posted: total }, transactions };
}

/**
 * Debits of one line by account, negative ones being credits. The tax of a part is the difference of the taxes before and
 * after it, so that parts in any order add up to the tax of the whole. Two currencies meet in `currency_exchange`.
 */
function postingsOf(purchase: Purchase, line: BalanceLine, before: bigint): Posting[] {
  const taxOf = (minor: bigint): bigint => splitGross(money(minor, purchase.currency), purchase.taxBasisPoints).tax.minor;
  const tax = taxOf(before + line.presented) - taxOf(before);
  const net = line.presented - tax;
  const exchanged = line.currency !== purchase.currency;
  const debits: [Account, string, bigint][] = [
    ['stripe_clearing', line.currency, line.net],
    ['stripe_fees', line.currency, line.fee],
    ['revenue', purchase.currency, -net],
    ['tax_payable', purchase.currency, -tax],
  ];
  if (exchanged) {
    debits.push(['currency_exchange', purchase.currency, line.presented], ['currency_exchange', line.currency, -line.amount]);
  }
  return debits
    .filter(([, , minor]) => minor !== 0n)
    .map(([account, currency, minor]) => ({
      account,
      currency,
      debit: minor > 0n ? minor : 0n,
      credit: minor < 0n ? -minor : 0n,
    }));
}

/** The month in which something happened, where the desk is. */
export function periodOf(at: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, year: 'numeric', month: '2-digit' }).formatToParts(at);
  const part = (type: string): string => parts.find((p) => p.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}`;
}
