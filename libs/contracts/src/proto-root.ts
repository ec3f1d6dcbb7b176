import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds `priolane/<service>/v1/*.proto`: the services load the contracts themselves at run time. */
export function protoRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'proto');
    if (existsSync(join(candidate, 'priolane', 'common', 'v1', 'access.proto'))) return candidate;
    if (folder === dirname(folder)) throw new Error('the proto/ folder is missing beside the program');
  }
}
