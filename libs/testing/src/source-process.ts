import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Node's options with which a process runs TypeScript sources as the tests do. */
export const SOURCE_OPTIONS = ['--conditions=priolane-source', '--import', new URL('typescript-loader.mjs', import.meta.url).href];

/** Runs a source in a process of its own, to be killed; its argv is `options` as JSON. It has to send `started` when it is up. */
export async function startProcess(source: URL, options: object): Promise<ChildProcess> {
  const child = fork(fileURLToPath(source), [JSON.stringify(options)], { execArgv: SOURCE_OPTIONS });
  const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (message !== 'started') throw new Error(`the process ended with ${String(message)} before it had started`);
  return child;
}

/** Without a word, in the middle of its work. */
export async function killProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
