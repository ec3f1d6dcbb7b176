import { deskOf, RULES } from './rules.js';
import { SCENARIOS } from './scenarios.js';

describe('the rules of the five desks', () => {
  it('are 67, counted from 1 without a gap', () => {
    const counted = { FLT: 12, OFC: 13, SHP: 12, HST: 10, PKG: 20 };
    const wanted = Object.entries(counted).flatMap(([desk, count]) => Array.from({ length: count }, (_, i) => `${desk}-${i + 1}`));
    expect(RULES.map(({ id }) => id)).toEqual(wanted);
    expect(RULES).toHaveLength(67);
    expect(RULES.filter(({ title }) => title.trim() === '')).toEqual([]);
  });

  it('belong to a desk each', () => {
    const desks = [...new Set(RULES.map(({ id }) => deskOf(id)))];
    expect(desks).toEqual(['fleet', 'officehours', 'webshop', 'hosting', 'packages']);
    expect(() => deskOf('CAR-1')).toThrow(RangeError);
  });
});

describe('the scenarios', () => {
  it('show rules that there are, each with a title of its own', () => {
    const known = new Set(RULES.map(({ id }) => id));
    expect(SCENARIOS.filter(({ ruleId }) => !known.has(ruleId))).toEqual([]);
    const titles = SCENARIOS.map(({ ruleId, title }) => `${ruleId} ${title}`);
    expect(new Set(titles).size).toBe(titles.length);
  });
});
