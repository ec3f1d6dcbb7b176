import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Injectable } from '@nestjs/common';
import type { DeskDocument } from '#kernel/desk/document.js';
import { createDeskParser } from '#kernel/desk/parse.js';

export interface ReadDeskFile {
  readonly document: DeskDocument;
  readonly warnings: readonly string[];
}

/** Reads desk files by the schema that ships with the product. */
@Injectable()
export class DeskFiles {
  private readonly parse = createDeskParser(readFileSync(schemaFile(), 'utf8'));

  /** Errors: INVALID DESK_INVALID with every fault by its path. */
  read(source: string): ReadDeskFile {
    const { document, warnings } = this.parse(source);
    return {
      document,
      warnings: warnings.map(({ path, message, line, column }) =>
        line === undefined ? `${path}: ${message}` : `${path}: ${message} (line ${line}:${column})`,
      ),
    };
  }
}

function schemaFile(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'desks', 'desk.schema.json');
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) throw new Error('desks/desk.schema.json is missing beside the program');
  }
}
