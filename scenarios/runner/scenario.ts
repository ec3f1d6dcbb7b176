import type { RuleId } from '../rules.js';
import type { Desk } from './desk.js';

/** Shows one rule from outside: all of it, or it is not a scenario of that rule. */
export interface Scenario {
  readonly ruleId: RuleId;
  readonly title: string;
  readonly show: (desk: Desk) => Promise<void>;
}

export function rule(ruleId: RuleId, title: string, show: Scenario['show']): Scenario {
  return { ruleId, title, show };
}
