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

/**
 * Several INSERTs as one statement: one plan, one round trip, and no BEGIN and COMMIT around them when there is nothing
 * else. They see the same snapshot, and foreign keys between them are checked when all have run. Rows of the same table
 * and columns go in in the given order (identity columns count up along it); between tables there is no order.
 */
export function inserts(statements: readonly Statement[]): Statement {
  if (statements.length === 1) return statements[0]!;
  const byText = new Map<string, Statement[]>();
  for (const s of statements) byText.set(s.text, [...(byText.get(s.text) ?? []), s]);
  const values: unknown[] = [];
  const parts = [...byText].map(([text, rows]) => {
    const [head, row] = split(text);
    const tuples = rows.map((s) => {
      const tuple = row.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + values.length}`);
      values.push(...s.values);
      return tuple;
    });
    return head + tuples.join(', ');
  });
  const last = parts.pop()!;
  if (parts.length === 0) return statement(last, values);
  return statement(`WITH ${parts.map((part, i) => `w${i} AS (${part})`).join(', ')} ${last}`, values);
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
  private readonly texts = new Map<string, string>();

  constructor(private readonly dataSource: DataSource) {}

  insert<E extends ObjectLiteral>(entity: EntityTarget<E>, row: Row<E>): Statement {
    const metadata = this.dataSource.getMetadata(entity);
    const columns = present(metadata, row);
    const text = this.text(`i:${metadata.tableName}:${columns.map((c) => c.propertyName).join()}`, () => {
      const list = columns.map((c) => quote(c.databaseName)).join(', ');
      return `INSERT INTO ${quote(metadata.tableName)} (${list}) VALUES (${columns.map((_, i) => `$${i + 1}`).join(', ')})`;
    });
    return statement(text, this.values(columns, row));
  }

  /** Updates by the key columns given in `key`; load the row FOR UPDATE first, for nobody counts the rows it changed. */
  update<E extends ObjectLiteral>(entity: EntityTarget<E>, key: Row<E>, set: Row<E>): Statement {
    const metadata = this.dataSource.getMetadata(entity);
    const setColumns = present(metadata, set);
    const keyColumns = present(metadata, key);
    const id = [setColumns, keyColumns].map((columns) => columns.map((c) => c.propertyName).join()).join('|');
    const text = this.text(`u:${metadata.tableName}:${id}`, () => {
      const assignments = setColumns.map((c, i) => `${quote(c.databaseName)} = $${i + 1}`).join(', ');
      const where = keyColumns.map((c, i) => `${quote(c.databaseName)} = $${setColumns.length + i + 1}`).join(' AND ');
      return `UPDATE ${quote(metadata.tableName)} SET ${assignments} WHERE ${where}`;
    });
    return statement(text, [...this.values(setColumns, set), ...this.values(keyColumns, key)]);
  }

  private text(key: string, make: () => string): string {
    let text = this.texts.get(key);
    if (!text) {
      text = make();
      this.texts.set(key, text);
    }
    return text;
  }

  private values(columns: EntityMetadata['columns'], row: ObjectLiteral): unknown[] {
    return columns.map((c) => this.dataSource.driver.preparePersistentValue(row[c.propertyName], c));
  }
}

function present(metadata: EntityMetadata, row: ObjectLiteral): EntityMetadata['columns'] {
  const unknown = Object.keys(row).filter((key) => !metadata.columns.some((c) => c.propertyName === key));
  if (unknown.length > 0) throw new TypeError(`${metadata.name} has no column for ${unknown.join(', ')}`);
  return metadata.columns.filter((c) => row[c.propertyName] !== undefined);
}

function quote(identifier: string): string {
  return `"${identifier}"`;
}
