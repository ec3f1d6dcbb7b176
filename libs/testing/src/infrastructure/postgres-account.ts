import { execFileSync } from 'node:child_process';
import { accessSync, chownSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from './processes.js';

/** An account of this machine that PostgreSQL runs as, because it refuses to run as root. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

/** Undefined where this process is not root and PostgreSQL can run as it is. No account is created. */
export function serverAccount(): ServerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new Error(
    'PostgreSQL does not run as root, and this machine has neither an account "postgres" nor "nobody". ' +
      'Start as another user, or give DATABASE_URL.',
  );
}

function idOf(option: string, name: string): number | undefined {
  try {
    return Number(execFileSync('id', [option, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return undefined;
  }
}

export function giveTo(folder: string, account: ServerAccount | undefined): void {
  if (account !== undefined) chownSync(folder, account.uid, account.gid);
}

/**
 * The command, run under the account. Where a parent folder is closed to others (a checkout below /root), the account gets the
 * one capability that lets it pass.
 */
export function runAs(account: ServerAccount | undefined, command: Command, paths: readonly string[]): Command {
  if (account === undefined) return command;
  if (paths.every(isOpenToOthers)) return { ...command, ...account };
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find(exists);
  if (setpriv === undefined) {
    throw new Error(
      `PostgreSQL does not run as root, and its account cannot enter ${paths.find((path) => !isOpenToOthers(path))}. ` +
        'Move the checkout to a folder others may enter, install setpriv (util-linux), or give DATABASE_URL.',
    );
  }
  const { uid, gid } = account;
  const rights = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  return { ...command, command: setpriv, args: [...rights, command.command, ...command.args] };
}

function isOpenToOthers(path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

function exists(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}
