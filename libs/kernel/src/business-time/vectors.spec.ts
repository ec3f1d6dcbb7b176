import { existsSync, readFileSync } from 'node:fs';
import { compileCalendar } from './calendar.js';
import type { CalendarDefinition } from './definition.js';
import { addOpenTime, openSecondsBetween } from './open-time.js';

type Vector =
  | { op: 'add'; calendar: CalendarDefinition; start: string; seconds: number; due: string }
  | { op: 'elapsed'; calendar: CalendarDefinition; from: string; to: string; seconds: number };

// Kept beside the project, not in it: computed by an independent program.
const FILE = new URL('../../../../../shared/vectors/business-time.json', import.meta.url);

function answer(vector: Vector): string | number {
  const calendar = compileCalendar(vector.calendar);
  if (vector.op === 'elapsed') return openSecondsBetween(calendar, seconds(vector.from), seconds(vector.to));
  const due = addOpenTime(calendar, seconds(vector.start), vector.seconds);
  return new Date(due * 1000).toISOString().replace('.000Z', 'Z');
}

function seconds(iso: string): number {
  return Date.parse(iso) / 1000;
}

describe('the independent vectors', () => {
  if (existsSync(FILE)) {
    const { vectors } = JSON.parse(readFileSync(FILE, 'utf8')) as { vectors: Vector[] };

    it(`all ${vectors.length} agree`, () => {
      const wrong = vectors
        .map((vector) => ({ vector, expected: vector.op === 'add' ? vector.due : vector.seconds, got: answer(vector) }))
        .filter(({ expected, got }) => expected !== got);
      expect(wrong).toEqual([]);
      expect(vectors.length).toBeGreaterThan(0);
    });
  } else {
    it.skip('are not here: put business-time.json into ../shared/vectors/ beside the project', () => {});
  }
});
