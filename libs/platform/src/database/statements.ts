import type { DataSource, EntityMetadata, EntityTarget, ObjectLiteral } from 'typeorm';

/** One statement for the wire. `name` makes PostgreSQL plan it once per connection; the text never varies by value. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

const names = new Map<string, string>();

/** A statement named after its text: the same text is always the same prepared statement. */
export function statement(text: string, values: readonly unknown[] = []): Statement {
  let name = names.get(text);
  if (!name) {
    name = `p${names.size}`;
    names.set(text, name);
  }
  return { name, text, values };
}

/** How the statements of these texts go into one: its text, and the order in which their values go into it. */
interface Merger {
  readonly text: string;
  readonly order: readonly number[];
}

const mergers = new Map<string, Merger>();

/**
 * Several INSERTs as one statement: one plan, one round trip, and no BEGIN and COMMIT around them when there is nothing
 * else. They see the same snapshot, and foreign keys between them are checked when all have run. Rows of the same table
 * and columns go in in the given order (identity columns count up along it); between tables there is no order.
 */
export function inserts(statements: readonly Statement[]): Statement {
  if (statements.length === 1) return statements[0]!;
  // The same transactions come again and again: their names stand for their texts.
  const key = statements.map(({ name }) => name).join();
  let merger = mergers.get(key);
  if (!merger) {
    merger = merged(statements);
    mergers.set(key, merger);
  }
  return statement(merger.text, merger.order.flatMap((at) => statements[at]!.values));
}

function merged(statements: readonly Statement[]): Merger {
  const byText = new Map<string, number[]>();
  statements.forEach(({ text }, at) => byText.set(text, [...(byText.get(text) ?? []), at]));
  let values = 0;
  const parts = [...byText].map(([text, rows]) => {
    const [head, row] = split(text);
    const tuples = rows.map((at) => {
      const tuple = row.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + values}`);
      values += statements[at]!.values.length;
      return tuple;
    });
    return head + tuples.join(', ');
  });
  const last = parts.pop()!;
  const first = parts.map((part, i) => `w${i} AS (${part})`).join(', ');
  return { text: first ? `WITH ${first} ${last}` : last, order: [...byText.values()].flat() };
}

const VALUES = ') VALUES ';

/** `INSERT INTO t (…) VALUES ` and `($1, …)`. */
function split(text: string): [head: string, row: string] {
  const at = text.indexOf(VALUES) + VALUES.length;
  return [text.slice(0, at), text.slice(at)];
}

type Row<E> = { readonly [K in keyof E]?: E[K] };

/**
 * INSERT and UPDATE from the entity's own column definitions, without the SELECT that TypeORM's `save` puts before them
 * and with a text that stays the same, so that it is planned once.
 */
export class EntityStatements {
  /** By what is written to, and which of its properties. */
  private readonly shapes = new Map<string, Shape>();

  constructor(private readonly dataSource: DataSource) {}

  insert<E extends ObjectLiteral>(entity: EntityTarget<E>, row: Row<E>): Statement {
    const metadata = this.dataSource.getMetadata(entity);
    const { text, columns } = this.shape(`insert ${metadata.tableName} ${present(row).join()}`, () => {
      const columns = columnsOf(metadata, row);
      const list = columns.map((c) => quote(c.databaseName)).join(', ');
      const values = columns.map((_, i) => `$${i + 1}`).join(', ');
      return { columns: [columns], text: `INSERT INTO ${quote(metadata.tableName)} (${list}) VALUES (${values})` };
    });
    return statement(text, this.values(columns[0]!, row));
  }

  /** Updates by the key columns given in `key`; load the row FOR UPDATE first, for nobody counts the rows it changed. */
  update<E extends ObjectLiteral>(entity: EntityTarget<E>, key: Row<E>, set: Row<E>): Statement {
    const metadata = this.dataSource.getMetadata(entity);
    const { text, columns } = this.shape(`update ${metadata.tableName} ${present(set).join()} by ${present(key).join()}`, () => {
      const [setColumns, keyColumns] = [columnsOf(metadata, set), columnsOf(metadata, key)];
      const assignments = setColumns.map((c, i) => `${quote(c.databaseName)} = $${i + 1}`).join(', ');
      const where = keyColumns.map((c, i) => `${quote(c.databaseName)} = $${setColumns.length + i + 1}`).join(' AND ');
      return { columns: [setColumns, keyColumns], text: `UPDATE ${quote(metadata.tableName)} SET ${assignments} WHERE ${where}` };
    });
    return statement(text, [...this.values(columns[0]!, set), ...this.values(columns[1]!, key)]);
  }

  private shape(name: string, make: () => Shape): Shape {
    let shape = this.shapes.get(name);
    if (!shape) {
      shape = make();
      this.shapes.set(name, shape);
    }
    return shape;
  }

  private values(columns: EntityMetadata['columns'], row: ObjectLiteral): unknown[] {
    return columns.map((c) => this.dataSource.driver.preparePersistentValue(row[c.propertyName], c));
  }
}

interface Shape {
  readonly text: string;
  /** Of each row that gives values, in their order. */
  readonly columns: readonly EntityMetadata['columns'][];
}

function present(row: ObjectLiteral): string[] {
  return Object.keys(row).filter((key) => row[key] !== undefined);
}

function columnsOf(metadata: EntityMetadata, row: ObjectLiteral): EntityMetadata['columns'] {
  const unknown = Object.keys(row).filter((key) => !metadata.columns.some((c) => c.propertyName === key));
  if (unknown.length > 0) throw new TypeError(`${metadata.name} has no column for ${unknown.join(', ')}`);
  return metadata.columns.filter((c) => row[c.propertyName] !== undefined);
}

function quote(identifier: string): string {
  return `"${identifier}"`;
}
