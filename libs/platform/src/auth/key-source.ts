import type { AuthServiceClient } from '#contracts/generated/priolane/accounts/v1/auth.js';
import type { OnApplicationShutdown } from '@nestjs/common';
import { closeClient, createClient, type PromiseClient } from '../grpc/client.js';

export interface PublishedKey {
  readonly kid: string;
  /** The public key as a JSON Web Key (OKP, Ed25519), in JSON. */
  readonly jwk: string;
}

/** Where the keys come from that verify access tokens. */
export abstract class KeySource {
  abstract list(): Promise<readonly PublishedKey[]>;
}

/** The keys as the accounts service publishes them. */
export class AccountsKeySource extends KeySource implements OnApplicationShutdown {
  private readonly auth: PromiseClient<AuthServiceClient>;

  constructor(address: string) {
    super();
    this.auth = createClient<AuthServiceClient>('priolane.accounts.v1.AuthService', address);
  }

  async list(): Promise<readonly PublishedKey[]> {
    return (await this.auth.listSigningKeys({})).keys;
  }

  onApplicationShutdown(): void {
    closeClient(this.auth);
  }
}
