import { z } from 'zod';

export const faultFields = z.strictObject({
  /**
   * `before`: nothing is done. `after`: the work is done and its answer kept, and only the caller does not hear of it,
   * as when a process or a line dies between "called" and "recorded". `slow`: done, but later.
   */
  kind: z.enum(['error_before', 'error_after', 'timeout_before', 'timeout_after', 'disconnect_after', 'slow']),
  count: z.int().positive().default(1),
  method: z.enum(['GET', 'POST', 'DELETE']).optional(),
  /** Any part of the path, such as `/capture`. */
  path: z.string().optional(),
  status: z.int().min(400).max(599).default(500),
  delay_ms: z.int().nonnegative().default(500),
});

export type Fault = z.infer<typeof faultFields>;

/** What is to go wrong with the next calls. A restart forgets it. */
export class Faults {
  private planned: Fault[] = [];

  plan(fault: Fault): void {
    this.planned.push(fault);
  }

  list(): readonly Fault[] {
    return this.planned;
  }

  clear(): void {
    this.planned = [];
  }

  /** The first planned fault that fits this call, counted down. */
  take(method: string, path: string): Fault | undefined {
    const fault = this.planned.find(
      (f) => (f.method === undefined || f.method === method) && (f.path === undefined || path.includes(f.path)),
    );
    if (fault === undefined) return undefined;
    fault.count -= 1;
    this.planned = this.planned.filter((f) => f.count > 0);
    return fault;
  }
}
