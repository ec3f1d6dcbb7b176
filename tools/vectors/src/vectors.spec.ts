import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '#testing/infrastructure/repository.js';
import { answerTo, expectedAnswer, readVectors, toRequest, type Vector } from './vectors.js';

const calendar = { tz: 'Europe/Berlin', weekly: { tue: [['09:00', '17:00']] } };
const add: Vector = { op: 'add', calendar, start: '2026-05-19T14:59:30Z', seconds: 60, due: '2026-05-26T07:00:30Z' };
const elapsed: Vector = { op: 'elapsed', calendar, from: '2026-05-19T00:00:00Z', to: '2026-05-20T00:00:00Z', seconds: 28_800 };
const nothing = { dueAt: null, openSeconds: '0', timeZoneDataVersion: '2025c' };
const seconds = (text: string): string => String(Date.parse(text) / 1000);

test('add asks for the due instant', () => {
  expect(toRequest(add)).toEqual({
    definition: JSON.stringify(calendar),
    start: { seconds: seconds(add.start), nanos: 0 },
    addSeconds: '60',
  });
  const dueAt = { seconds: seconds('2026-05-26T07:00:30Z'), nanos: 0 };
  expect(answerTo(add, { ...nothing, dueAt })).toBe(expectedAnswer(add));
  expect(answerTo(add, { ...nothing, dueAt: { ...dueAt, nanos: 1_000_000 } })).not.toBe(expectedAnswer(add));
  expect(answerTo(add, nothing)).toBe('no due instant');
});

test('elapsed asks for open seconds', () => {
  expect(toRequest(elapsed)).toEqual({
    definition: JSON.stringify(calendar),
    start: { seconds: seconds('2026-05-19T00:00:00Z'), nanos: 0 },
    until: { seconds: seconds('2026-05-20T00:00:00Z'), nanos: 0 },
  });
  expect(answerTo(elapsed, { ...nothing, openSeconds: '28800' })).toBe(expectedAnswer(elapsed));
  expect(answerTo(elapsed, nothing)).toBe('0');
});

describe('the file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vectors-'));
  const path = join(folder, 'vectors.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is read', () => {
    writeFileSync(path, JSON.stringify({ vectors: [add, elapsed] }));
    expect(readVectors(path)).toEqual([add, elapsed]);
  });

  test('is refused with the place of what is wrong', () => {
    writeFileSync(path, JSON.stringify({ vectors: [add, { ...elapsed, to: 'tomorrow' }] }));
    expect(() => readVectors(path)).toThrow(/vectors\[1\]\.to/);
    writeFileSync(path, JSON.stringify({ vectors: [{ ...add, op: 'subtract' }] }));
    expect(() => readVectors(path)).toThrow(/vectors\[0\]\.op/);
  });
});

describe('the independent vectors', () => {
  const path = join(repositoryRoot(), '../shared/vectors/business-time.json');
  if (existsSync(path)) {
    it('are of this form', () => {
      expect(readVectors(path)).toHaveLength(600);
    });
  } else {
    it.skip('are not here: put business-time.json into ../shared/vectors/ beside the project', () => {});
  }
});
