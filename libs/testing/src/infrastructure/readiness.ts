import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Answers whether something is ready; it throws or says false while it is not. */
export type Probe = () => Promise<boolean>;

/** Repeats the probe until it says yes; rejects when the signal is aborted. */
export async function until(probe: Probe, signal: AbortSignal, everyMs = 100): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const ready = await probe().catch(() => false);
    if (ready) return;
    await sleep(everyMs, undefined, { signal });
  }
}

export function tcpProbe(port: number, host = '127.0.0.1'): Probe {
  return () =>
    new Promise((resolve) => {
      const socket = connect({ port, host, timeout: 1_000 });
      const answer = (ready: boolean) => {
        socket.destroy();
        resolve(ready);
      };
      socket.once('connect', () => answer(true));
      socket.once('error', () => answer(false));
      socket.once('timeout', () => answer(false));
    });
}

export function httpProbe(url: string): Probe {
  return async () => {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  };
}
