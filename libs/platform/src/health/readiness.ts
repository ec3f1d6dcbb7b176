import { Injectable } from '@nestjs/common';

export interface ReadinessReport {
  readonly ready: boolean;
  /** `ok`, or why not. */
  readonly checks: Readonly<Record<string, string>>;
}

const CHECK_TIMEOUT_MS = 2_000;

/** Whether this process can serve: the database, the bus and whatever else a module adds. */
@Injectable()
export class Readiness {
  private readonly checks = new Map<string, () => Promise<void>>();
  private serving = false;

  /** `check` rejects, with a reason for an operator, while the part is not usable. */
  add(name: string, check: () => Promise<void>): void {
    this.checks.set(name, check);
  }

  /** False before the start has finished and from the moment on that the process drains. */
  setServing(serving: boolean): void {
    this.serving = serving;
  }

  async report(): Promise<ReadinessReport> {
    const results = await Promise.all([...this.checks].map(async ([name, check]) => [name, await outcome(check)]));
    const checks = Object.fromEntries(results) as Record<string, string>;
    checks['serving'] = this.serving ? 'ok' : 'starting or draining';
    return { ready: Object.values(checks).every((result) => result === 'ok'), checks };
  }
}

async function outcome(check: () => Promise<void>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${CHECK_TIMEOUT_MS} ms`), CHECK_TIMEOUT_MS);
  });
  const checked = check().then(
    () => 'ok',
    (error: unknown) => (error instanceof Error ? error.message : 'failed'),
  );
  return Promise.race([checked, timeout]).finally(() => clearTimeout(timer));
}
