import { ACCOUNT_STATES, moveAccount } from './account-state.js';

describe('the states of an account', () => {
  const allowed = ['invited active', 'invited closed', 'active closed'];

  it.each(ACCOUNT_STATES.flatMap((from) => ACCOUNT_STATES.map((to) => [from, to] as const)))('%s to %s', (from, to) => {
    if (allowed.includes(`${from} ${to}`)) expect(moveAccount(from, to)).toBe(to);
    else expect(() => moveAccount(from, to)).toThrow(`an account that is ${from} cannot become ${to}`);
  });
});
