/** Where a key is in its life: next (published, not yet used), current, retired (its last tokens still live). */
export interface KeyDates {
  readonly kid: string;
  readonly activeFrom: Date | null;
  readonly retiredAt: Date | null;
}

export interface RotationPolicy {
  /** How long a key signs. */
  readonly periodMs: number;
  /** How long a retired key still verifies: longer than any token and any cache lives. */
  readonly keepRetiredMs: number;
}

/** What has to happen; `activate: null` with `createCurrent` means that the first key of all is made. */
export interface RotationPlan {
  readonly retire: string | null;
  readonly activate: string | null;
  readonly createCurrent: boolean;
  readonly createNext: boolean;
  readonly remove: readonly string[];
}

export function planRotation(keys: readonly KeyDates[], now: Date, policy: RotationPolicy): RotationPlan {
  const current = keys.find((key) => key.activeFrom !== null && key.retiredAt === null);
  const next = keys.find((key) => key.activeFrom === null);
  const remove = keys
    .filter((key) => key.retiredAt !== null && key.retiredAt.getTime() + policy.keepRetiredMs <= now.getTime())
    .map((key) => key.kid);
  const due = current === undefined || current.activeFrom!.getTime() + policy.periodMs <= now.getTime();
  if (!due) return { retire: null, activate: null, createCurrent: false, createNext: next === undefined, remove };
  return {
    retire: current?.kid ?? null,
    activate: next?.kid ?? null,
    createCurrent: next === undefined,
    createNext: true,
    remove,
  };
}

export function isIdle(plan: RotationPlan): boolean {
  return plan.activate === null && !plan.createCurrent && !plan.createNext && plan.remove.length === 0;
}
