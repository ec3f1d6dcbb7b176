type ColumnType = 'bigint' | 'boolean' | 'integer' | 'json' | 'jsonb' | 'smallint' | 'text' | 'timestamptz' | 'uuid';

interface Column<R> {
  readonly key: keyof R & string;
  readonly type: ColumnType;
}

/**
 * A statement over any number of rows: each column goes over the wire as one array, so that the text stays the same,
 * which makes it planned once, and PostgreSQL reads it several times faster than rows that are JSON objects. What is
 * absent is NULL, but `null` in a column of JSON.
 */
export class RowsStatement<R extends object> {
  readonly text: string;
  private readonly columns: readonly Column<R>[];

  /** `write` gets the rows as an item for FROM; there they are called `row` and have the columns' names, quoted. */
  constructor(types: Readonly<Partial<Record<keyof R & string, ColumnType>>>, write: (rows: string) => string) {
    this.columns = (Object.entries(types) as [keyof R & string, ColumnType][]).map(([key, type]) => ({ key, type }));
    const names = this.columns.map(({ key }) => `"${key}"`).join(', ');
    this.text = write(`ROWS FROM (${this.columns.map(elements).join(', ')}) AS row (${names})`);
  }

  /** One array a column. */
  values(rows: readonly R[]): unknown[] {
    return this.columns.map(({ key, type }) => literal(type, rows.map((row) => row[key] ?? null)));
  }
}

function elements({ type }: { readonly type: ColumnType }, index: number): string {
  const parameter = `$${index + 1}`;
  return type === 'json' || type === 'jsonb' ? `${type}_array_elements(${parameter}::${type})` : `unnest(${parameter}::${type}[])`;
}

/** What needs no quotes is joined here: the driver would look for characters to escape in each of thousands of numbers. */
function literal(type: ColumnType, values: readonly unknown[]): unknown {
  switch (type) {
    case 'json':
    case 'jsonb':
      return JSON.stringify(values);
    case 'text':
      return values;
    case 'timestamptz':
      return `{${values.map((value) => (value as Date | null)?.toISOString() ?? 'NULL').join(',')}}`;
    default:
      return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
  }
}
