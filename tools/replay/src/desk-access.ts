import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { v5 as uuidv5 } from 'uuid';
import type { ApiKeyServiceClient } from '#contracts/generated/priolane/accounts/v1/api_key.js';
import type { AuthServiceClient } from '#contracts/generated/priolane/accounts/v1/auth.js';
import type { DeskServiceClient } from '#contracts/generated/priolane/accounts/v1/desk.js';
import { Role } from '#contracts/generated/priolane/common/v1/access.js';
import { newId } from '#kernel/ids.js';
import { closeClient, createClient } from '#platform/grpc/client.js';
import { repositoryRoot } from '#testing/infrastructure/repository.js';
import type { StackDescription } from '#testing/infrastructure/stack-file.js';

/** The desk of `incidents.yaml`. */
export const DESK_ID = 'incidents';

export type Token = () => Promise<string>;

/** Signs in to the accounts service of a stack. */
export class Accounts {
  private readonly clients: object[] = [];
  private readonly admin: Token;

  constructor(private readonly stack: StackDescription) {
    this.admin = this.tokenOf(stack.bootstrapAdminKey);
  }

  /** The same file again changes nothing. */
  async applyDesk(): Promise<void> {
    const source = readFileSync(join(repositoryRoot(), 'tools/replay/incidents.yaml'), 'utf8');
    const desks = this.client<DeskServiceClient>('DeskService', this.admin);
    await desks.applyDesk({ requestId: newId(), source });
  }

  /** A token with this role at the desk of the incidents, by an API key of its own. */
  async tokenFor(role: Role.ROLE_INTEGRATOR | Role.ROLE_AGENT): Promise<Token> {
    const keys = this.client<ApiKeyServiceClient>('ApiKeyService', this.admin);
    const name = role === Role.ROLE_INTEGRATOR ? 'Import of incidents' : 'Check of incidents';
    // The same request each time: a repetition gets the key of the first run, instead of one more.
    const requestId = uuidv5(`${DESK_ID}/${name}`, uuidv5.URL);
    const { secret } = await keys.createApiKey({ requestId, deskId: DESK_ID, name, roles: [role], expiresAt: null });
    return this.tokenOf(secret);
  }

  close(): void {
    this.clients.forEach(closeClient);
  }

  /** Tokens live for minutes; one is used for one minute, by this machine's time as the services may have another. */
  private tokenOf(apiKey: string): Token {
    const auth = this.client<AuthServiceClient>('AuthService');
    let held: { readonly token: Promise<string>; readonly since: number } | undefined;
    const exchange = async (): Promise<string> => {
      const { tokens } = await auth.exchangeApiKey({ apiKey });
      if (!tokens) throw new Error('the accounts service answered without tokens');
      return tokens.accessToken;
    };
    return async () => {
      if (held === undefined || performance.now() - held.since > 60_000) {
        held = { token: exchange(), since: performance.now() };
        held.token.catch(() => (held = undefined));
      }
      return held.token;
    };
  }

  private client<C extends object>(service: string, token?: Token) {
    const client = createClient<C>(`priolane.accounts.v1.${service}`, this.stack.services.accounts.grpc, {
      token,
      deadlineMs: 20_000,
    });
    this.clients.push(client);
    return client;
  }
}
