import type { StackDescription } from '#testing/infrastructure/stack-file.js';
import { StackUnderUse } from '#testing/stack/stack-under-use.js';
import { deskOf, type Rule } from '../rules.js';
import { Desk } from './desk.js';
import type { Outcome } from './outcomes.js';
import type { Scenario } from './scenario.js';

/** No scenario waits for a person or for an hour to pass. */
const LIMIT_MS = 300_000;

/**
 * Shows one rule after the other: they share the clock. A rule has as many scenarios as it needs, and every one has to
 * pass.
 */
export async function runScenarios(
  stack: StackDescription,
  rules: readonly Rule[],
  scenarios: readonly Scenario[],
  report: (outcome: Outcome) => void,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const rule of rules) {
    const own = scenarios.filter((scenario) => scenario.ruleId === rule.id);
    const outcome = own.length === 0 ? { ...rule, outcome: 'missing' as const } : await shown(stack, rule, own);
    report(outcome);
    outcomes.push(outcome);
  }
  return outcomes;
}

async function shown(stack: StackDescription, rule: Rule, scenarios: readonly Scenario[]): Promise<Outcome> {
  const began = performance.now();
  const faults: string[] = [];
  for (const scenario of scenarios) {
    const fault = await faultOf(stack, scenario);
    if (fault) faults.push(scenarios.length > 1 ? `${scenario.title}: ${fault}` : fault);
  }
  const milliseconds = Math.round(performance.now() - began);
  const told = { id: rule.id, title: scenarios.map(({ title }) => title).join('; '), milliseconds };
  return faults.length === 0 ? { ...told, outcome: 'passed' } : { ...told, outcome: 'failed', error: faults.join('\n') };
}

/** What is not as the rule says; nothing where all is. */
async function faultOf(stack: StackDescription, scenario: Scenario): Promise<string | undefined> {
  const use = new StackUnderUse(stack);
  let desk: Desk | undefined;
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  });
  try {
    desk = await Desk.open(use, deskOf(scenario.ruleId));
    await Promise.race([scenario.show(desk), tooLong]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
    if (desk) desk.close();
    else use.close();
  }
}
