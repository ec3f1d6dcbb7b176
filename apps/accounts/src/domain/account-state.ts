import { illegalState } from '#kernel/errors.js';

export const ACCOUNT_STATES = ['invited', 'active', 'closed'] as const;
export type AccountState = (typeof ACCOUNT_STATES)[number];

/** Closed is for good: the address may come back as a new account. */
const MOVES: Readonly<Record<AccountState, readonly AccountState[]>> = {
  invited: ['active', 'closed'],
  active: ['closed'],
  closed: [],
};

export function moveAccount(from: AccountState, to: AccountState): AccountState {
  if (MOVES[from].includes(to)) return to;
  throw illegalState('ACCOUNT_STATE', `an account that is ${from} cannot become ${to}`, from, MOVES[from]);
}
