/** Where something stands in a desk document: keys and positions from the root. */
export type DocumentPath = readonly (string | number)[];

/** One thing to say about a desk file, for the person who wrote it. */
export interface Finding {
  /** `sla.policies[2].calendar`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
  /** Both from 1; absent where the file could not be read that far. */
  readonly line?: number;
  readonly column?: number;
}

export interface RawFinding {
  readonly path: DocumentPath;
  readonly message: string;
}

export function pathText(path: DocumentPath): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      if (!/^[\w-]+$/.test(part)) return `["${part}"]`;
      return index === 0 ? part : `.${part}`;
    })
    .join('');
}

/** What the checks of a document's meaning have found so far. */
export class Findings {
  readonly faults: RawFinding[] = [];
  readonly warnings: RawFinding[] = [];

  fault(path: DocumentPath, message: string): void {
    this.faults.push({ path, message });
  }

  warn(path: DocumentPath, message: string): void {
    this.warnings.push({ path, message });
  }
}
