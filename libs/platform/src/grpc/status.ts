import { Metadata, status } from '@grpc/grpc-js';
import { BadRequest, ErrorInfo } from '#contracts/generated/google/rpc/error_details.js';
import { Status } from '#contracts/generated/google/rpc/status.js';
import type { DomainError, ErrorKind, Violation } from '#kernel/errors.js';
import { BAD_REQUEST, ERROR_INFO, STATUS_DETAILS } from './rpc-error.js';

export const ERROR_DOMAIN = 'priolane.dev';

/** What grpc-js sends as the end of a call. */
export interface CallStatus {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

const CODES: Readonly<Record<ErrorKind, status>> = {
  INVALID: status.INVALID_ARGUMENT,
  UNAUTHENTICATED: status.UNAUTHENTICATED,
  FORBIDDEN: status.PERMISSION_DENIED,
  NOT_FOUND: status.NOT_FOUND,
  ALREADY_EXISTS: status.ALREADY_EXISTS,
  STATE: status.FAILED_PRECONDITION,
  CONFLICT: status.ABORTED,
  EXHAUSTED: status.RESOURCE_EXHAUSTED,
  UNAVAILABLE: status.UNAVAILABLE,
};

// A status travels in HTTP/2 trailers, which most clients limit to 8 KiB in all, message and details together.
const MESSAGE_CHARACTERS = 500;
const VIOLATIONS_BYTES = 3_000;

export function statusOf(error: DomainError): CallStatus {
  return richStatus(CODES[error.kind], error.message, error.reason, error.metadata, error.violations);
}

export function richStatus(
  code: status,
  message: string,
  reason: string,
  info: Readonly<Record<string, string>> = {},
  violations: readonly Violation[] = [],
): CallStatus {
  const text = message.length > MESSAGE_CHARACTERS ? `${message.slice(0, MESSAGE_CHARACTERS - 1)}…` : message;
  const sent = fitting(violations);
  const omitted = violations.length - sent.length;
  const infoMetadata = omitted > 0 ? { ...info, violations_omitted: String(omitted) } : { ...info };
  const details = [
    {
      typeUrl: ERROR_INFO,
      value: ErrorInfo.encode({ reason, domain: ERROR_DOMAIN, metadata: infoMetadata }).finish(),
    },
  ];
  if (sent.length > 0) {
    const fieldViolations = sent.map((v) => ({ ...v, reason: '', localizedMessage: undefined }));
    details.push({ typeUrl: BAD_REQUEST, value: BadRequest.encode({ fieldViolations }).finish() });
  }
  const metadata = new Metadata();
  metadata.set(STATUS_DETAILS, Buffer.from(Status.encode({ code, message: text, details }).finish()));
  return { code, details: text, metadata };
}

function fitting(violations: readonly Violation[]): readonly Violation[] {
  let bytes = 0;
  const end = violations.findIndex(({ field, description }) => {
    bytes += Buffer.byteLength(field) + Buffer.byteLength(description) + 8;
    return bytes > VIOLATIONS_BYTES;
  });
  return end < 0 ? violations : violations.slice(0, end);
}
