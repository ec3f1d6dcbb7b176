import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDuration } from '#kernel/desk/duration.js';
import { policyFor, targetsOf } from '#kernel/desk/lookups.js';
import { createDeskParser } from '#kernel/desk/parse.js';
import { repositoryRoot } from '#testing/infrastructure/repository.js';
import { DESK_ID } from './desk-access.js';
import { readExpected } from './expected.js';
import { readIncidents } from './read-incidents.js';
import { toImportedTicket } from './to-imported-ticket.js';

const root = repositoryRoot();
const parse = createDeskParser(readFileSync(join(root, 'desks/desk.schema.json'), 'utf8'));
const { document: desk, warnings } = parse(readFileSync(join(root, 'tools/replay/incidents.yaml'), 'utf8'));

test('the desk file is valid, without a warning', () => {
  expect(warnings).toEqual([]);
  expect(desk.id).toBe(DESK_ID);
});

describe('the real incidents', () => {
  const folder = join(root, '../shared/data');
  if (!existsSync(folder)) {
    it.skip('are not here: put incidents.csv and incidents.expected.json into ../shared/data/ beside the project', () => {});
    return;
  }

  test('name only states, priorities and channels of the desk, in order of time', async () => {
    const tickets = (await readIncidents(join(folder, 'incidents.csv'))).map(toImportedTicket);
    expect(tickets).toHaveLength(readExpected(join(folder, 'incidents.expected.json')).length);
    const history = tickets.flatMap((ticket) => ticket.history);
    expect(ids(desk.statuses)).toEqual(expect.arrayContaining([...used(history.map(({ status }) => status))]));
    const priorities = [...tickets, ...history].map(({ priority }) => priority);
    expect(ids(desk.priorities)).toEqual(expect.arrayContaining([...used(priorities)]));
    expect(used(tickets.map(({ channel }) => channel))).toEqual(new Set(['phone']));
    for (const { openedAt, history: entries } of tickets) {
      const instants = [openedAt, ...entries.map(({ occurredAt }) => occurredAt)].map((instant) => Number(instant!.seconds));
      expect(instants).toEqual(instants.toSorted((a, b) => a - b));
    }
  });

  test('were computed with the calendar and the targets of the desk', () => {
    const { calendar, targets } = JSON.parse(readFileSync(join(folder, 'incidents.expected.json'), 'utf8')) as {
      calendar: unknown;
      targets: Record<string, { first_response: number; resolution: number }>;
    };
    expect(desk.calendars.office).toEqual(calendar);
    for (const [name, { first_response, resolution }] of Object.entries(targets)) {
      const priority = name.replace(/^\d - /, '').toLowerCase();
      const { firstResponse, resolution: solution } = targetsOf(policyFor(desk, { priority })!);
      expect(firstResponse).toMatchObject({ metBy: 'status_change' });
      const seconds = [firstResponse, solution].map((target) => (target === 'NONE' ? 0 : parseDuration(target.within)));
      expect(seconds).toEqual([first_response, resolution]);
    }
  });
});

function ids(list: readonly { readonly id: string }[]): string[] {
  return list.map(({ id }) => id);
}

function used(values: readonly (string | null | undefined)[]): Set<string> {
  return new Set(values.filter((value) => typeof value === 'string'));
}
