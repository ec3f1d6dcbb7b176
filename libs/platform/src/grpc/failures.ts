import { status } from '@grpc/grpc-js';
import { DomainError } from '#kernel/errors.js';
import { RpcError } from './rpc-error.js';

// PostgreSQL: serialization failure, deadlock, lock not available. The whole call may be repeated.
const LOST_RACES = new Set(['40001', '40P01', '55P03']);
// Too many connections, statement timeout, shutting down, crashed, starting up; class 08 is the connection itself.
const DATABASE_DOWN = /^(53300|57014|57P0[1-5]|08...)$/;
const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);
// The `pg` driver gives these no code.
const CONNECTION_LOST = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a con)/;

/** A failure of what a call depends on, as the refusal that it means for the caller; undefined for a defect of ours. */
export function asRefusal(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error;
  if (!(error instanceof Error)) return undefined;
  if (error instanceof RpcError) {
    const down = error.code === status.UNAVAILABLE || error.code === status.DEADLINE_EXCEEDED;
    return down ? unavailable('DEPENDENCY_UNAVAILABLE', 'another service does not answer', error) : undefined;
  }
  const code = errorCode(error);
  if (LOST_RACES.has(code)) {
    return new DomainError('CONFLICT', 'CONCURRENT_CHANGE', 'somebody else was faster; repeat the call', {
      cause: error,
    });
  }
  if (DATABASE_DOWN.test(code) || NETWORK.has(code) || CONNECTION_LOST.test(error.message)) {
    return unavailable('TRY_AGAIN_LATER', 'a part of the service does not answer', error);
  }
  return undefined;
}

function unavailable(reason: string, message: string, cause: Error): DomainError {
  return new DomainError('UNAVAILABLE', reason, message, { cause });
}

function errorCode(error: Error): string {
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  return String(driverError?.code ?? code ?? '');
}
