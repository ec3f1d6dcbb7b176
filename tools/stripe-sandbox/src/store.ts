import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import type { Collections, Kind } from './model.js';

type Change = readonly [kind: Kind, id: string, document: object | null];

interface Undo {
  readonly kind: Kind;
  readonly id: string;
  readonly before: object | undefined;
}

export const IN_MEMORY = ':memory:';

/**
 * The sandbox's state: documents by kind and id, in the order they were made, and an append-only journal of one JSON
 * line a transaction, so that a restart finds either all of a request's effects and its kept answer, or none.
 */
export class Store {
  private readonly documents = new Map<Kind, Map<string, object>>();
  private readonly listeners: ((changes: readonly Change[]) => void)[] = [];
  private undo: Undo[] = [];
  private journal: number | undefined;

  /** `folder` is made where it is missing; `:memory:` keeps nothing. */
  static open(folder: string): Store {
    const store = new Store();
    if (folder !== IN_MEMORY) store.recover(folder);
    return store;
  }

  /** A copy: changing it changes nothing until it is `put`. */
  get<K extends Kind>(kind: K, id: string): Collections[K] | undefined {
    const found = this.documents.get(kind)?.get(id);
    return found === undefined ? undefined : (structuredClone(found) as Collections[K]);
  }

  /** The documents themselves, oldest first: to be read, never changed. */
  all<K extends Kind>(kind: K): Readonly<Collections[K]>[] {
    return [...(this.documents.get(kind)?.values() ?? [])] as Collections[K][];
  }

  count(kind: Kind): number {
    return this.documents.get(kind)?.size ?? 0;
  }

  put<K extends Kind>(kind: K, document: Collections[K]): void {
    this.change(kind, document.id, structuredClone(document));
  }

  remove(kind: Kind, id: string): void {
    this.change(kind, id, undefined);
  }

  /** Runs `work` as one transaction: whatever it throws, nothing of it stays. */
  transact<T>(work: () => T): T {
    try {
      const result = work();
      this.commit();
      return result;
    } catch (error) {
      this.rollback();
      throw error;
    }
  }

  /** Takes back all that the open transaction did so far. */
  rollback(): void {
    for (const { kind, id, before } of this.undo.toReversed()) {
      if (before === undefined) this.documents.get(kind)?.delete(id);
      else this.collection(kind).set(id, before);
    }
    this.undo = [];
  }

  onCommit(listener: (changes: readonly Change[]) => void): void {
    this.listeners.push(listener);
  }

  close(): void {
    if (this.journal !== undefined) closeSync(this.journal);
    this.journal = undefined;
  }

  private commit(): void {
    if (this.undo.length === 0) return;
    const touched = new Map(this.undo.map(({ kind, id }) => [`${kind} ${id}`, { kind, id }]));
    const changes = [...touched.values()].map(({ kind, id }): Change => [
      kind,
      id,
      this.documents.get(kind)?.get(id) ?? null,
    ]);
    if (this.journal !== undefined) writeSync(this.journal, `${JSON.stringify(changes)}\n`);
    this.undo = [];
    for (const listener of this.listeners) listener(changes);
  }

  private change(kind: Kind, id: string, document: object | undefined): void {
    const collection = this.collection(kind);
    this.undo.push({ kind, id, before: collection.get(id) });
    if (document === undefined) collection.delete(id);
    else collection.set(id, document);
  }

  private collection(kind: Kind): Map<string, object> {
    let collection = this.documents.get(kind);
    if (collection === undefined) this.documents.set(kind, (collection = new Map()));
    return collection;
  }

  /** Replays the journal, writes it anew without what was overwritten, and goes on appending to it. */
  private recover(folder: string): void {
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, 'journal.ndjson');
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    // What follows the last line end was being written when the process died: that request was never answered.
    for (const line of lines.slice(0, -1)) {
      for (const [kind, id, document] of JSON.parse(line) as Change[]) {
        if (document === null) this.documents.get(kind)?.delete(id);
        else this.collection(kind).set(id, document);
      }
    }
    const kept = [...this.documents].flatMap(([kind, collection]) =>
      [...collection].map(([id, document]) => `${JSON.stringify([[kind, id, document]])}\n`),
    );
    writeFileSync(`${file}.new`, kept.join(''));
    renameSync(`${file}.new`, file);
    this.journal = openSync(file, 'a');
  }
}
