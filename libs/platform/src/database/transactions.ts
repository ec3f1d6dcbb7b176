import { setTimeout as delay } from 'node:timers/promises';
import { createHash, randomInt } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Pool } from 'pg';
import { DataSource, type ObjectLiteral } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { Clock } from '#kernel/clock.js';
import { DomainError, invalid, type Violation } from '#kernel/errors.js';
import { requestIdFaults } from '#kernel/request-id.js';
import { IdempotencyRecord } from './idempotency.entity.js';
import { EntityStatements, statement } from './statements.js';
import { Transaction } from './transaction.js';

/** What makes a repeated mutation the same one: who asks for what, under which request id. */
export interface RequestKey {
  /** Desk and account of the caller. */
  readonly caller: { readonly deskId: string; readonly accountId: string };
  /** The use case, e.g. `open-ticket`. */
  readonly operation: string;
  readonly requestId: string;
  /** The command, to tell a repetition from another request under the same id. */
  readonly command: unknown;
}

const ATTEMPTS = 4;
const RETRYABLE = new Set(['40001', '40P01']);

@Injectable()
export class Transactions {
  private readonly statements: EntityStatements;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {
    this.statements = new EntityStatements(dataSource);
  }

  /** The pool that TypeORM made: its query runners cost more than the statements. */
  private get pool(): Pool {
    return (this.dataSource.driver as PostgresDriver).master as Pool;
  }

  /** A read outside any transaction; planned once per connection. Rows as the driver gives them. */
  async read<R extends ObjectLiteral>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    const { name } = statement(text);
    return (await this.pool.query<R>({ name, text, values: values as unknown[] })).rows;
  }

  /** As `read`, planned for its values each time: for reports, whose values decide between some rows and all of them. */
  async report<R extends ObjectLiteral>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    return (await this.pool.query<R>({ text, values: values as unknown[] })).rows;
  }

  /** Runs the work in one transaction; the whole of it again after a deadlock or a serialisation failure. */
  async run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const tx = new Transaction(this.pool, this.statements);
      try {
        const result = await work(tx);
        await tx.commit();
        return result;
      } catch (error) {
        await tx.rollback().catch(() => undefined); // a broken connection has rolled back by itself
        if (attempt === ATTEMPTS || !RETRYABLE.has(postgresCode(error) ?? '')) throw error;
      } finally {
        tx.release();
      }
      await delay(randomInt(5, 20) * attempt);
    }
  }

  /**
   * As `run`, once per request id: the id and the answer are stored with the work, and a repetition gets the stored
   * answer. The first call pays nothing for it: only when the work or the commit fails do we look for an earlier answer.
   * The same id with another command is refused with REQUEST_ID_REUSED, one that is none with INVALID_ARGUMENT.
   */
  async once<T>(key: RequestKey, work: (tx: Transaction) => Promise<T>): Promise<T> {
    const faults = requestIdFaults(key.requestId);
    if (faults.length > 0) throw await this.refusal(faults, work);
    const fingerprint = createHash('sha256').update(serialize(key.command)).digest();
    try {
      return await this.run(async (tx) => {
        const answer = await work(tx);
        tx.insert(IdempotencyRecord, {
          deskId: key.caller.deskId,
          accountId: key.caller.accountId,
          requestId: key.requestId,
          operation: key.operation,
          fingerprint,
          answer: serialize(answer),
          createdAt: this.clock.now(),
        });
        return answer;
      });
    } catch (error) {
      const earlier = await this.dataSource.getRepository(IdempotencyRecord).findOneBy({
        deskId: key.caller.deskId,
        accountId: key.caller.accountId,
        requestId: key.requestId,
      });
      if (!earlier) throw error;
      if (earlier.operation !== key.operation || !earlier.fingerprint.equals(fingerprint)) {
        throw new DomainError('ALREADY_EXISTS', 'REQUEST_ID_REUSED', 'this request_id was used for another request', {
          metadata: { request_id: key.requestId },
        });
      }
      return deserialize(earlier.answer) as T;
    }
  }

  /** Does the work to hear what else is wrong with the request, and keeps nothing of it. */
  private async refusal(faults: readonly Violation[], work: (tx: Transaction) => Promise<unknown>): Promise<unknown> {
    const end = invalid(faults);
    try {
      return await this.run(async (tx) => {
        await work(tx);
        throw end;
      });
    } catch (error) {
      if (!(error instanceof DomainError)) return error;
      if (error === end || error.kind !== 'INVALID') return end;
      const { message, violations } = invalid([...faults, ...error.violations]);
      return new DomainError('INVALID', error.reason, message, { violations, metadata: error.metadata });
    }
  }
}

/** PostgreSQL's SQLSTATE, whether the error comes from the driver or through TypeORM. */
export function postgresCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  const found = driverError?.code ?? code;
  return typeof found === 'string' && /^[0-9A-Z]{5}$/.test(found) ? found : undefined;
}
