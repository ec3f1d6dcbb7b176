import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The repository's root folder, from the sources as well as from `dist/`: infrastructure runs from a checkout and
 * keeps its data there.
 */
export function repositoryRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package-lock.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('The repository root (the folder with package-lock.json) was not found.');
    folder = parent;
  }
  return folder;
}

/** A file of this folder as it stands in the sources; `dist/` holds compiled TypeScript only. */
export function infrastructureFile(name: string): string {
  return join(repositoryRoot(), 'libs/testing/src/infrastructure', name);
}
