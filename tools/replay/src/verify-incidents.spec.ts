import type { ExpectedIncident } from './expected.js';
import { type Failure, NOT_IMPORTED, type Patience, verifyIncidents } from './verify-incidents.js';

const patience: Patience = { waitMs: 5_000, settledMs: 200, pauseMs: 5 };

function incident(number: string): ExpectedIncident {
  const instant = '2016-02-29T12:00:00Z';
  const times = { opened_at: instant, first_response_at: instant, solved_at: instant };
  return { number, ...times, first_response_seconds: 0, resolution_seconds: 0 };
}

function wrong(number: string, got: string): Failure {
  return { number, problem: '', differences: [{ field: 'resolution_seconds', expected: '0', got }] };
}

/** Answers by number of the question; the last answer stays. */
class Answers {
  readonly asked = new Map<string, number>();

  constructor(private readonly answers: Readonly<Record<string, readonly (Failure | undefined)[]>>) {}

  readonly check = async ({ number }: ExpectedIncident): Promise<Failure | undefined> => {
    const count = (this.asked.get(number) ?? 0) + 1;
    this.asked.set(number, count);
    const answers = this.answers[number]!;
    return answers[Math.min(count, answers.length) - 1];
  };
}

test('waits for what is still on its way, and asks all once more', async () => {
  const answers = new Answers({ A: [undefined], B: [wrong('B', '1'), wrong('B', '2'), undefined] });
  const passed: number[] = [];
  const failures = await verifyIncidents(['A', 'B'].map(incident), answers.check, patience, (count) => passed.push(count));
  expect(failures).toEqual([]);
  expect(passed).toEqual([1, 1, 2, 2]);
  expect([...answers.asked]).toEqual([['A', 2], ['B', 4]]);
});

test('one that was right only on its way fails', async () => {
  const answers = new Answers({ A: [undefined, wrong('A', '9')] });
  expect(await verifyIncidents([incident('A')], answers.check, patience, () => undefined)).toEqual([wrong('A', '9')]);
});

test('gives up when wrong answers change no more', async () => {
  const answers = new Answers({ A: [wrong('A', '1')], B: [undefined] });
  const failures = await verifyIncidents(['A', 'B'].map(incident), answers.check, { ...patience, settledMs: 30 }, () => undefined);
  expect(failures).toEqual([wrong('A', '1')]);
  expect(answers.asked.get('B')).toBe(2);
});

test('gives up when the time is up, however much still changes', async () => {
  let count = 0;
  const check = async ({ number }: ExpectedIncident): Promise<Failure> => wrong(number, String(++count));
  const failures = await verifyIncidents([incident('A')], check, { ...patience, waitMs: 30 }, () => undefined);
  expect(failures).toHaveLength(1);
});

test('what was not imported is not waited for', async () => {
  const missing: Failure = { number: 'A', problem: NOT_IMPORTED, differences: [] };
  const answers = new Answers({ A: [missing] });
  expect(await verifyIncidents([incident('A')], answers.check, patience, () => undefined)).toEqual([missing]);
  expect(answers.asked.get('A')).toBe(2);
});
