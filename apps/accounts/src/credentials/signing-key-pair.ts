import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';

export interface SigningKeyPair {
  readonly kid: string;
  readonly publicJwk: string;
  readonly privateJwk: string;
}

export type PrivateKey = Awaited<ReturnType<typeof importJWK>>;

/** A new Ed25519 pair, named by its thumbprint. */
export async function newSigningKeyPair(): Promise<SigningKeyPair> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const publicJwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  return {
    kid,
    publicJwk: JSON.stringify({ ...publicJwk, kid, alg: 'EdDSA', use: 'sig' }),
    privateJwk: JSON.stringify(await exportJWK(privateKey)),
  };
}

export function importPrivateKey(privateJwk: string): Promise<PrivateKey> {
  return importJWK(JSON.parse(privateJwk) as JWK, 'EdDSA');
}
