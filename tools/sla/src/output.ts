import Table from 'cli-table3';
import type { Timestamp } from '#contracts/generated/google/protobuf/timestamp.js';
import { fromTimestamp } from '#platform/grpc/timestamps.js';

/** Without milliseconds when there are none. */
export function instant(at: Timestamp | null | undefined): string {
  return at ? fromTimestamp(at).toISOString().replace('.000Z', 'Z') : '';
}

/** Rows as a table for people, or as one JSON document a line with instants as text. */
export class Output {
  constructor(private readonly json: boolean) {}

  table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
    if (this.json) {
      for (const row of rows) console.log(JSON.stringify(Object.fromEntries(head.map((name, i) => [name, row[i]]))));
      return;
    }
    const table = new Table({ head: [...head], style: { head: [], border: [] } });
    for (const row of rows) table.push([...row]);
    console.log(table.toString());
  }

  /** A sentence; nothing for machines. */
  say(text: string): void {
    if (!this.json) console.log(text);
  }
}
