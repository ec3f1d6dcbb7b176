import { randomBytes } from 'node:crypto';
import { Vault } from './vault.js';

const vault = (): Vault => new Vault({ KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') });

describe('the vault', () => {
  it('opens what it sealed, and seals the same text differently each time', () => {
    const kept = vault();
    const [one, other] = [kept.seal('secret', 'a'), kept.seal('secret', 'a')];
    expect(kept.open(one, 'a')).toBe('secret');
    expect(one.equals(other)).toBe(false);
    expect(one.includes('secret')).toBe(false);
  });

  it('opens nothing under another key or for another purpose, and nothing that was changed', () => {
    const kept = vault();
    const sealed = kept.seal('secret', 'a');
    expect(() => vault().open(sealed, 'a')).toThrow();
    expect(() => kept.open(sealed, 'b')).toThrow();
    sealed[sealed.length - 1]! ^= 1;
    expect(() => kept.open(sealed, 'a')).toThrow();
  });

  it('digests texts so that only it can compare them', () => {
    const kept = vault();
    expect(kept.digest('password')).toBe(kept.digest('password'));
    expect(kept.digest('password')).not.toBe(kept.digest('passwort'));
    expect(vault().digest('password')).not.toBe(kept.digest('password'));
  });
});
