import type { PoolClient, QueryResult } from 'pg';
import type { EntityManager, EntityTarget, ObjectLiteral, QueryRunner } from 'typeorm';
import { type EntityStatements, type Statement, statement } from './statements.js';

type Row<E> = { readonly [K in keyof E]?: E[K] };

const BEGIN = statement('BEGIN');
const COMMIT = statement('COMMIT');
const ROLLBACK = statement('ROLLBACK');

/**
 * One database transaction. Reads are sent at once; writes are kept and go out together with the COMMIT, in one round
 * trip (the connection is pipelined), or just before the next read, so that a read sees what was written before it.
 */
export class Transaction {
  private client?: PoolClient;
  private begun = false;
  private pending: Statement[] = [];
  private readonly afterCommit: Array<() => void> = [];

  constructor(
    private readonly runner: QueryRunner,
    private readonly statements: EntityStatements,
  ) {}

  insert<E extends ObjectLiteral>(entity: EntityTarget<E>, row: Row<E>): void {
    this.pending.push(this.statements.insert(entity, row));
  }

  /** `key` must name a row that this transaction has locked. */
  update<E extends ObjectLiteral>(entity: EntityTarget<E>, key: Row<E>, set: Row<E>): void {
    this.pending.push(this.statements.update(entity, key, set));
  }

  /** A write whose answer nobody needs. */
  execute(text: string, values: readonly unknown[] = []): void {
    this.pending.push(statement(text, values));
  }

  /** A read, or a write with RETURNING. Rows as the driver gives them: timestamptz is a Date, bigint a string. */
  async query<R extends ObjectLiteral>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    const results = await this.send([...this.opening(), ...this.taken(), statement(text, values)]);
    return results.at(-1)!.rows as R[];
  }

  /** TypeORM's manager in this transaction, for reads in terms of entities. */
  async manager(): Promise<EntityManager> {
    await this.send([...this.opening(), ...this.taken()]);
    return this.runner.manager;
  }

  /** Runs after the commit succeeded, for waking things up; what must not be lost belongs into the transaction. */
  onCommitted(action: () => void): void {
    this.afterCommit.push(action);
  }

  async commit(): Promise<void> {
    const writes = this.taken();
    if (this.begun || writes.length > 0) await this.send([...this.opening(), ...writes, COMMIT]);
    this.begun = false;
    for (const action of this.afterCommit) action();
  }

  async rollback(): Promise<void> {
    if (!this.begun) return;
    this.begun = false;
    await this.send([ROLLBACK]);
  }

  private opening(): Statement[] {
    if (this.begun) return [];
    this.begun = true;
    return [BEGIN];
  }

  private taken(): Statement[] {
    const taken = this.pending;
    this.pending = [];
    return taken;
  }

  /** All on the wire at once. After a failure PostgreSQL refuses the rest, and a COMMIT among them rolls back. */
  private async send(batch: readonly Statement[]): Promise<QueryResult[]> {
    if (batch.length === 0) return [];
    this.client ??= (await this.runner.connect()) as PoolClient;
    const client = this.client;
    const sent = await Promise.allSettled(batch.map((s) => client.query({ ...s, values: [...s.values] })));
    const failed = sent.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    return sent.map((result) => (result as PromiseFulfilledResult<QueryResult>).value);
  }
}
