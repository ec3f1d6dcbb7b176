import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Injectable } from '@nestjs/common';
import { createDeskParser, type ParsedDesk } from '#kernel/desk/parse.js';

/** Reads desk files that are to be tried or checked and not applied. */
@Injectable()
export class DeskFiles {
  private parser?: (text: string) => ParsedDesk;

  /** Errors: INVALID_ARGUMENT DESK_INVALID with every fault. */
  parse(text: string): ParsedDesk {
    this.parser ??= createDeskParser(readFileSync(schemaFile(), 'utf8'));
    return this.parser(text);
  }
}

function schemaFile(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'desks', 'desk.schema.json');
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) throw new Error('the desks/ folder is missing beside the program');
  }
}
