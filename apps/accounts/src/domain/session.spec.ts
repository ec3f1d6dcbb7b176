import { judgeRefreshToken, type PresentedToken } from './session.js';

const now = new Date('2026-03-02T09:00:00Z');
const good: PresentedToken = {
  usedAt: null,
  sessionEndedAt: null,
  sessionExpiresAt: new Date(now.getTime() + 1),
  accountState: 'active',
};

describe('a refresh token that is presented', () => {
  it.each<[string, Partial<PresentedToken>, string]>([
    ['renews an open session', {}, 'renew'],
    ['is refused at the end of the session', { sessionExpiresAt: now }, 'refuse'],
    ['is refused after the session was ended', { sessionEndedAt: now }, 'refuse'],
    ['is refused when the account is closed', { accountState: 'closed' }, 'refuse'],
    ['ends the session when it was used before', { usedAt: now }, 'end_session'],
    ['ends nothing a second time', { usedAt: now, sessionEndedAt: now }, 'refuse'],
  ])('%s', (_, parts, verdict) => {
    expect(judgeRefreshToken({ ...good, ...parts }, now)).toBe(verdict);
  });
});
