import type { Metadata } from '@grpc/grpc-js';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type Caller, hasRole, type Role } from '#kernel/caller.js';
import { DomainError } from '#kernel/errors.js';
import { currentContext } from '../context.js';
import type { AnyCall } from '../grpc/current-call.js';
import type { AccessTable } from '../grpc/startup-check.js';
import { rememberCaller, tokenMissing } from './caller.js';
import { TokenVerifier } from './token-verifier.js';

interface Mark {
  readonly public: boolean;
  readonly roles: readonly Role[];
}

/**
 * Lets a gRPC call through to its handler as the method's access mark says. A public method knows its caller where a good
 * token was sent; a bad one does not stop it, or nobody with an expired token could refresh it. HTTP routes have no marks:
 * what they need they check themselves.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly marks: ReadonlyMap<string, Mark>;

  constructor(
    private readonly tokens: TokenVerifier,
    access: AccessTable,
  ) {
    this.marks = new Map(Object.entries(access).map(([method, mark]) => [`/${method}`, mark]));
  }

  canActivate(execution: ExecutionContext): boolean | Promise<boolean> {
    if (execution.getType() !== 'rpc') return true;
    const call = callOf(execution.getArgs<unknown[]>());
    const mark = this.marks.get(call.getPath());
    if (!mark) throw new Error(`${call.getPath()} has no access mark`);
    const token = bearerToken(call.metadata);
    if (mark.public) return token === undefined || this.recognise(token, call.metadata);
    if (token === undefined) throw tokenMissing();
    // Synchronous for a token that is known already, which is the usual case.
    const caller = this.tokens.verify(token);
    return caller instanceof Promise
      ? caller.then((verified) => admit(verified, mark, call.metadata))
      : admit(caller, mark, call.metadata);
  }

  private async recognise(token: string, metadata: Metadata): Promise<true> {
    try {
      remember(await this.tokens.verify(token), metadata);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
    return true;
  }
}

/** Handlers get (request, metadata, call), pass-through stream handlers only the call. */
function callOf(args: readonly unknown[]): AnyCall {
  return (args.length >= 3 ? args[2] : args[0]) as AnyCall;
}

function bearerToken(metadata: Metadata): string | undefined {
  const header = metadata.get('authorization')[0]?.toString();
  if (header === undefined || header === '') return undefined;
  return header.slice(0, 7).toLowerCase() === 'bearer ' ? header.slice(7) : header;
}

function admit(caller: Caller, mark: Mark, metadata: Metadata): true {
  remember(caller, metadata);
  if (hasRole(caller, ...mark.roles)) return true;
  const required = mark.roles.join(',');
  throw new DomainError('FORBIDDEN', 'ROLE_REQUIRED', `this needs one of the roles ${required}`, {
    metadata: { required },
  });
}

function remember(caller: Caller, metadata: Metadata): void {
  const context = currentContext();
  if (context) context.caller = caller;
  rememberCaller(metadata, caller);
}
