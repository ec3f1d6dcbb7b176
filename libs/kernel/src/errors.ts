/**
 * What a refusal is, independent of transport. The gRPC status is derived from the kind in one place,
 * `libs/platform/src/grpc/error-filter.ts`.
 */
export type ErrorKind =
  | 'INVALID' // the request itself is wrong; `violations` names every fault
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'STATE' // right request, wrong moment; metadata carries `current` and `allowed`
  | 'CONFLICT' // lost a race; repeat the whole call
  | 'EXHAUSTED'
  | 'UNAVAILABLE';

/** One fault of a request: `field` is the proto path (`customer.email`), `description` is for a person. */
export interface Violation {
  readonly field: string;
  readonly description: string;
}

export interface DomainErrorOptions {
  readonly violations?: readonly Violation[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** A refusal with a stable UPPER_SNAKE reason that programs may rely on and a message for people. */
export class DomainError extends Error {
  readonly violations: readonly Violation[];
  readonly metadata: Readonly<Record<string, string>>;

  constructor(
    readonly kind: ErrorKind,
    readonly reason: string,
    message: string,
    options: DomainErrorOptions = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'DomainError';
    this.violations = options.violations ?? [];
    this.metadata = options.metadata ?? {};
  }
}

/** All faults of one request at once. `reason` defaults to INVALID_ARGUMENT. */
export function invalid(violations: readonly Violation[], reason = 'INVALID_ARGUMENT'): DomainError {
  const list = violations.map((v) => `${v.field}: ${v.description}`).join('; ');
  return new DomainError('INVALID', reason, list, { violations });
}

/** Does not say whether the thing exists for somebody else: tenancy must not leak. */
export function notFound(what: string, id: string): DomainError {
  return new DomainError('NOT_FOUND', `${what.toUpperCase()}_NOT_FOUND`, `${what} ${id} was not found`, {
    metadata: { id },
  });
}

/** An illegal transition: names the current state and what would be allowed from it. */
export function illegalState(
  reason: string,
  message: string,
  current: string,
  allowed: readonly string[],
): DomainError {
  return new DomainError('STATE', reason, message, { metadata: { current, allowed: allowed.join(',') } });
}
