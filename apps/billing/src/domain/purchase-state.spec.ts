import { aPurchase } from '../../test/factories.js';
import { move, unchanged } from './purchase.js';
import { CANCELABLE, LIVE, MOVES, PURCHASE_STATES } from './purchase-state.js';

const NOW = new Date('2026-03-02T09:00:00Z');

describe('the states of a purchase', () => {
  it('are all reached from CREATED', () => {
    const reached = new Set(['CREATED']);
    for (const state of reached) MOVES[state as keyof typeof MOVES].forEach((next) => reached.add(next));
    expect([...reached].sort()).toEqual([...PURCHASE_STATES].sort());
  });

  it.each(PURCHASE_STATES.flatMap((from) => PURCHASE_STATES.map((to) => [from, to] as const)))(
    '%s → %s is a move of the table or refused',
    (from, to) => {
      const attempt = () => move(unchanged(aPurchase({ state: from })), to, NOW);
      if (MOVES[from].includes(to)) {
        expect(attempt().purchase.state).toBe(to);
      } else {
        expect(attempt).toThrow(
          expect.objectContaining({
            reason: 'ILLEGAL_TRANSITION',
            metadata: { current: from, allowed: MOVES[from].join(',') },
          }),
        );
      }
    },
  );

  it('never leave a captured purchase cancelable, nor a cancelled one alive', () => {
    expect(CANCELABLE).not.toContain('CAPTURED');
    expect(CANCELABLE).not.toContain('REFUNDED');
    expect(LIVE.filter((state) => MOVES[state].length === 0)).toEqual([]);
  });

  it('tell each change but the wait for the customer, with the next sequence', () => {
    const waiting = move(unchanged(aPurchase({ state: 'CREATED', sequence: 1 })), 'AWAITING_PAYMENT', NOW);
    expect(waiting.events).toEqual([]);
    const failed = move(waiting, 'FAILED', NOW, {}, 'card_declined');
    const captured = move(failed, 'CAPTURED', NOW);
    expect(captured.events.map((e) => [e.type, e.sequence, e.reason])).toEqual([
      ['failed', 2, 'card_declined'],
      ['captured', 3, ''],
    ]);
  });
});
