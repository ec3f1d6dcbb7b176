import { postgresCode } from '#platform/database/transactions.js';

// Connection failures, resources, shutdown of the server, serialisation, deadlock, lock timeout: the event is not at fault.
const TRANSIENT_STATE = /^(08|53|57P0|40001|40P01|55P03)/;
const TRANSIENT_ERRNO = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EHOSTUNREACH', 'EAI_AGAIN']);
// node-postgres gives these no code.
const TRANSIENT_MESSAGE = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Whether the database was in the way, so that trying again helps sooner or later. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return (
    TRANSIENT_STATE.test(postgresCode(error) ?? '') ||
    TRANSIENT_ERRNO.has(code ?? '') ||
    TRANSIENT_MESSAGE.test(error.message)
  );
}
