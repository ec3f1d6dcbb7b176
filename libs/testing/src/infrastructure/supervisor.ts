import { setTimeout as sleep } from 'node:timers/promises';
import { logFile, logTail, startChild, type Child, type Command, type Exit, type Place } from './processes.js';
import { until, type Probe } from './readiness.js';

export interface Program {
  readonly name: string;
  /** Asked before every start: it may clear what a crash left behind. */
  readonly command: () => Promise<Command> | Command;
  readonly ready: Probe;
  readonly readyLimitMs: number;
  /** From the request to stop until the kill. */
  readonly stopGraceMs: number;
  /** Whether a program that dies after it was ready is started again. */
  readonly restart: boolean;
}

/** How long a restart waits: doubled at each death, forgotten after a minute of life. */
export interface BackOff {
  readonly firstMs: number;
  readonly longestMs: number;
  readonly forgetAfterMs: number;
}

export const DEFAULT_BACK_OFF: BackOff = { firstMs: 500, longestMs: 30_000, forgetAfterMs: 60_000 };

export interface Watcher {
  /** One line for the person in front of the terminal. */
  readonly report: (line: string) => void;
  /** After every start that came to be ready, the first included. */
  readonly started?: (pid: number) => void;
  /** Aborted when everything is about to be stopped: from then on nothing is started again. */
  readonly ending?: AbortSignal;
}

/** Keeps one program running from `start` until `stop`. */
export class Supervisor {
  private child: Child | undefined;
  private readonly stopping = new AbortController();
  private readonly ending: AbortSignal;
  private watching: Promise<void> = Promise.resolve();

  constructor(
    private readonly place: Place,
    private readonly program: Program,
    private readonly watcher: Watcher,
    private readonly backOff: BackOff = DEFAULT_BACK_OFF,
  ) {
    const signals = [this.stopping.signal, watcher.ending].filter((signal) => signal !== undefined);
    this.ending = AbortSignal.any(signals);
  }

  get pid(): number | undefined {
    return this.child?.identity.pid;
  }

  /** Resolves when the program is ready; a program that dies or is not ready in time rejects with the end of its log. */
  async start(): Promise<void> {
    const child = await this.launch();
    if (this.program.restart) this.watching = this.watch(child);
  }

  async stop(graceMs = this.program.stopGraceMs): Promise<void> {
    this.stopping.abort();
    await this.child?.stop(graceMs);
    await this.watching;
  }

  private async launch(): Promise<Child> {
    const { name, readyLimitMs } = this.program;
    this.ending.throwIfAborted();
    const child = await startChild(this.place, name, await this.program.command());
    this.child = child;
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), readyLimitMs);
    const outcome = await Promise.race([
      until(this.program.ready, AbortSignal.any([limit.signal, this.ending])).then(
        () => 'ready' as const,
        () => 'late' as const,
      ),
      child.exited,
    ]);
    clearTimeout(timer);
    limit.abort();
    if (outcome === 'ready') {
      this.watcher.started?.(child.identity.pid);
      return child;
    }
    await child.stop(this.program.stopGraceMs);
    const what = outcome === 'late' ? `was not ready within ${readyLimitMs / 1_000} s` : `died at its start (${describe(outcome)})`;
    throw new Error(`${name} ${what}; see ${logFile(this.place, name)}\n${logTail(this.place, name)}`);
  }

  private async watch(first: Child): Promise<void> {
    const { name } = this.program;
    let child = first;
    let wait = this.backOff.firstMs;
    for (;;) {
      const born = performance.now();
      let death = `died (${describe(await child.exited)})`;
      if (performance.now() - born > this.backOff.forgetAfterMs) wait = this.backOff.firstMs;
      for (;;) {
        if (this.ending.aborted) return;
        this.watcher.report(`${name} ${death}; starting it again in ${wait / 1_000} s. Log: ${logFile(this.place, name)}`);
        await sleep(wait, undefined, { signal: this.ending }).catch(() => undefined);
        if (this.ending.aborted) return;
        wait = Math.min(wait * 2, this.backOff.longestMs);
        try {
          child = await this.launch();
          break;
        } catch (error) {
          death = `did not come back (${String(error).split(/[;\n]/)[0]})`;
        }
      }
      this.watcher.report(`${name} is back (process ${child.identity.pid})`);
    }
  }
}

function describe(exit: Exit): string {
  return exit.signal === null ? `exit code ${exit.code}` : exit.signal;
}
