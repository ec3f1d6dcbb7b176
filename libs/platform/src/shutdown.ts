import type { RunningService } from './compose.js';
import type { Log } from './logging/log.js';

/** The part of `process` that this needs. */
export type ProcessLike = Pick<NodeJS.Process, 'on' | 'exit'>;

const SIGNALS = { SIGTERM: 15, SIGINT: 2 } as const;

/** The first signal shuts down in order, which has an end; a second one does not wait for it. */
export function exitOnSignals(service: Pick<RunningService, 'close' | 'log'>, host: ProcessLike = process): void {
  let stopping = false;
  for (const [signal, number] of Object.entries(SIGNALS)) {
    host.on(signal, () => {
      if (stopping) return host.exit(128 + number);
      stopping = true;
      service.log.info({ signal }, 'shutting down');
      void exitAfter(service.close(), service.log, 0, host);
    });
  }
}

/** What nobody caught leaves the process in an unknown state: it is logged, and the process ends with 1. */
export function watchForDefects(log: Log, close: () => Promise<void>, host: ProcessLike = process): void {
  const onDefect = (error: unknown): void => {
    log.fatal({ err: error }, 'nobody caught this');
    void exitAfter(close(), log, 1, host);
  };
  host.on('uncaughtException', onDefect);
  host.on('unhandledRejection', onDefect);
}

async function exitAfter(closing: Promise<void>, log: Log, code: number, host: ProcessLike): Promise<void> {
  const orderly = await closing.then(
    () => true,
    (error: unknown) => {
      log.error({ err: error }, 'the shutdown was not orderly');
      return false;
    },
  );
  host.exit(orderly ? code : 1);
}
