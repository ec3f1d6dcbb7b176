import { isTransient } from './transient.js';

const coded = (code: string): Error => Object.assign(new Error('failed'), { code });

describe('a transient failure', () => {
  it.each(['08006', '53300', '57P01', '40001', '40P01', '55P03', 'ECONNREFUSED', 'ECONNRESET'])('is %s', (code) => {
    expect(isTransient(coded(code))).toBe(true);
  });

  it.each(['23505', '22P02', '42P01', 'ENOENT'])('is not %s, which comes again every time', (code) => {
    expect(isTransient(coded(code))).toBe(false);
  });

  it('is a connection that the driver gives no code for', () => {
    expect(isTransient(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isTransient(new Error('the handler is wrong'))).toBe(false);
    expect(isTransient('not an error')).toBe(false);
  });
});
