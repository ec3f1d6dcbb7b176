import type { Pool, PoolClient, QueryResult } from 'pg';
import type { EntityTarget, ObjectLiteral } from 'typeorm';
import type { RowsStatement } from './rows-statement.js';
import { type EntityStatements, inserts, type Statement, statement } from './statements.js';

type Row<E> = { readonly [K in keyof E]?: E[K] };

const BEGIN = statement('BEGIN');
const COMMIT = statement('COMMIT');
const ROLLBACK = statement('ROLLBACK');

interface Write extends Statement {
  readonly isInsert: boolean;
}

/**
 * One database transaction. Reads are sent at once; writes are kept and go out together with the COMMIT, in one round
 * trip (the connection is pipelined), or just before the next read, so that a read sees what was written before it.
 */
export class Transaction {
  private client?: PoolClient;
  private begun = false;
  private broken?: Error;
  private pending: Write[] = [];
  private readonly afterCommit: Array<() => void> = [];

  constructor(
    private readonly pool: Pool,
    private readonly statements: EntityStatements,
  ) {}

  insert<E extends ObjectLiteral>(entity: EntityTarget<E>, row: Row<E>): void {
    this.pending.push({ ...this.statements.insert(entity, row), isInsert: true });
  }

  /** `key` must name a row that this transaction has locked. */
  update<E extends ObjectLiteral>(entity: EntityTarget<E>, key: Row<E>, set: Row<E>): void {
    this.pending.push({ ...this.statements.update(entity, key, set), isInsert: false });
  }

  /** A write whose answer nobody needs. */
  execute(text: string, values: readonly unknown[] = []): void {
    this.pending.push({ ...statement(text, values), isInsert: false });
  }

  /** One write of all the rows, and none where there are none. */
  executeAll<R extends object>(of: RowsStatement<R>, rows: readonly R[]): void {
    if (rows.length > 0) this.execute(of.text, of.values(rows));
  }

  /** A read, or a write with RETURNING. Rows as the driver gives them: timestamptz is a Date, bigint a string. */
  async query<R extends ObjectLiteral>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    const results = await this.send([...this.opening(), ...this.taken(), statement(text, values)]);
    return results.at(-1)!.rows as R[];
  }

  /** Runs after the commit succeeded, for waking things up; what must not be lost belongs into the transaction. */
  onCommitted(action: () => void): void {
    this.afterCommit.push(action);
  }

  async commit(): Promise<void> {
    const writes = this.taken();
    // One statement is a transaction of its own.
    if (!this.begun && writes.length <= 1) await this.send(writes);
    else await this.end([...this.opening(), ...writes, COMMIT]);
    this.begun = false;
    for (const action of this.afterCommit) action();
  }

  /** To a COMMIT after a failure, which the work may have caught, PostgreSQL answers ROLLBACK and no error. */
  private async end(batch: readonly Statement[]): Promise<void> {
    const results = await this.send(batch);
    if (results.at(-1)!.command !== 'COMMIT') throw new Error('rolled back: a statement of the transaction had failed');
  }

  async rollback(): Promise<void> {
    if (!this.begun) return;
    this.begun = false;
    await this.send([ROLLBACK]);
  }

  /** Gives the connection back; one that failed in itself is not used again. */
  release(): void {
    this.client?.off('error', this.onLost);
    this.client?.release(this.broken);
    this.client = undefined;
  }

  /** The pool looks after the connections that nobody uses; this one would end the process when it is lost. */
  private readonly onLost = (error: Error): void => {
    this.broken = error;
  };

  private async connection(): Promise<PoolClient> {
    if (!this.client) {
      this.client = await this.pool.connect();
      this.client.on('error', this.onLost);
    }
    return this.client;
  }

  private opening(): Statement[] {
    if (this.begun) return [];
    this.begun = true;
    return [BEGIN];
  }

  /** What is pending, with neighbouring INSERTs as one statement each. */
  private taken(): Statement[] {
    const taken: Statement[] = [];
    let together: Write[] = [];
    const close = (): void => {
      if (together.length > 0) taken.push(inserts(together));
      together = [];
    };
    for (const write of this.pending) {
      if (write.isInsert) {
        together.push(write);
      } else {
        close();
        taken.push(write);
      }
    }
    close();
    this.pending = [];
    return taken;
  }

  /** All on the wire at once. After a failure PostgreSQL refuses the rest, and a COMMIT among them rolls back. */
  private async send(batch: readonly Statement[]): Promise<QueryResult[]> {
    if (batch.length === 0) return [];
    const client = await this.connection();
    const sent = await Promise.allSettled(
      batch.map(({ name, text, values }) => client.query({ name, text, values: values as unknown[] })),
    );
    const failed = sent.find((result) => result.status === 'rejected');
    if (failed) throw this.failure(failed.reason);
    return sent.map((result) => (result as PromiseFulfilledResult<QueryResult>).value);
  }

  /** An error without SQLSTATE comes from the connection; 57P0x and 08xxx are the server's last words on it. */
  private failure(reason: unknown): unknown {
    const code = reason instanceof Error && 'code' in reason ? String(reason.code) : '';
    if (reason instanceof Error && !/^(?!57P0|08)[0-9A-Z]{5}$/.test(code)) this.broken = reason;
    return reason;
  }
}
