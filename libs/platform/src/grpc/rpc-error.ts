import { type Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { BadRequest, ErrorInfo } from '#contracts/generated/google/rpc/error_details.js';
import { Status } from '#contracts/generated/google/rpc/status.js';
import type { Violation } from '#kernel/errors.js';

export const STATUS_DETAILS = 'grpc-status-details-bin';
export const ERROR_INFO = 'type.googleapis.com/google.rpc.ErrorInfo';
export const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';

/** A call that another service refused or that did not get through, with its details decoded. */
export class RpcError extends Error {
  /** `status.NOT_FOUND` and so on. */
  readonly code: status;
  /** The stable UPPER_SNAKE reason; empty where the other side gave none (a lost connection, a passed deadline). */
  readonly reason: string;
  readonly violations: readonly Violation[];
  readonly metadata: Readonly<Record<string, string>>;

  constructor(
    code: status,
    message: string,
    details: { reason?: string; violations?: readonly Violation[]; metadata?: Readonly<Record<string, string>> } = {},
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = 'RpcError';
    this.code = code;
    this.reason = details.reason ?? '';
    this.violations = details.violations ?? [];
    this.metadata = details.metadata ?? {};
  }

  static from(error: ServiceError): RpcError {
    return new RpcError(error.code, error.details || error.message, detailsOf(error.metadata), error);
  }
}

function detailsOf(trailers: Metadata | undefined): ConstructorParameters<typeof RpcError>[2] {
  const bytes = trailers?.get(STATUS_DETAILS)[0];
  if (!(bytes instanceof Buffer)) return {};
  const details = Status.decode(bytes).details;
  const info = details.find((detail) => detail.typeUrl === ERROR_INFO);
  const bad = details.find((detail) => detail.typeUrl === BAD_REQUEST);
  const { reason, metadata } = info ? ErrorInfo.decode(info.value) : { reason: undefined, metadata: undefined };
  const violations = bad && BadRequest.decode(bad.value).fieldViolations;
  return {
    reason,
    metadata,
    violations: violations?.map(({ field, description }) => ({ field, description })),
  };
}
