import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 32;

/** `pk`: API key, `rt`: refresh token, `inv`: invitation. The prefix lets scanners of code and logs find a leaked one. */
export type SecretKind = 'pk' | 'rt' | 'inv';

export function newSecret(kind: SecretKind): string {
  return `${kind}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
}

/** Only this is stored: 256 random bits cannot be guessed back from their hash. */
export function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

export function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(secretHash(one), secretHash(other));
}
