import type { ImportedTicket } from '#contracts/generated/priolane/tickets/v1/intake.js';
import { fromTimestamp } from '#platform/grpc/timestamps.js';
import { type Incident, readIncidents } from './read-incidents.js';
import { instantOf, toImportedTicket } from './to-imported-ticket.js';

const incidents = await readIncidents(new URL('sample-incidents.csv', import.meta.url).pathname);

function sample(number: string): Incident {
  return incidents.find(([row]) => row.number === number)!;
}

/** The history as lines: instant, then what it was. */
function historyOf({ history }: ImportedTicket): string[] {
  return history.map(({ occurredAt, status, priority }) =>
    `${fromTimestamp(occurredAt!).toISOString().slice(0, 16)} ${status ?? ''}${priority ? `priority ${priority}` : ''}`,
  );
}

describe('an incident as a ticket', () => {
  test('says who, what and when', () => {
    const { history, openedAt, ...ticket } = toImportedTicket(sample('INC0000045'));
    expect(ticket).toEqual({
      externalReference: 'INC0000045',
      subject: 'Category 55 / Subcategory 170',
      description: 'Incident INC0000045, reported by phone.\nSymptom 72\nLocation 143',
      type: 'incident',
      department: '',
      priority: 'moderate',
      channel: 'phone',
      requester: { name: 'Caller 2403', email: '', organisationId: '', packageId: '' },
    });
    expect(fromTimestamp(openedAt!).toISOString()).toBe('2016-02-29T04:16:00.000Z');
    expect(history).toHaveLength(2);
  });

  test('an update that changes neither state nor priority is no entry', () => {
    expect(historyOf(toImportedTicket(sample('INC0000045')))).toEqual(['2016-02-29T11:53 resolved', '2016-03-05T15:00 closed']);
  });

  test('an update dated before the opening counts at the opening', () => {
    expect(historyOf(toImportedTicket(sample('INC0000135')))[0]).toBe('2016-02-29T12:45 active');
    expect(historyOf(toImportedTicket(sample('INC0000130')))[0]).toBe('2016-03-01T17:13 active');
  });

  test('a change of priority is an entry', () => {
    const ticket = toImportedTicket(sample('INC0000500'));
    expect([ticket.priority, ...historyOf(ticket)]).toEqual([
      'moderate',
      '2016-03-01T11:04 priority high',
      '2016-03-02T12:08 resolved',
      '2016-03-07T13:00 closed',
    ]);
  });

  test('an incident that is taken up again is moved back', () => {
    expect(historyOf(toImportedTicket(sample('INC0001155')))).toEqual([
      '2016-03-02T14:09 active',
      '2016-04-06T17:13 resolved',
      '2016-04-07T09:58 active',
      '2016-04-25T12:43 resolved',
      '2016-04-30T13:07 closed',
    ]);
  });

  test('rows in any order give the same history', () => {
    const [first, ...others] = sample('INC0001155');
    const [last, ...before] = [first, ...others].toReversed();
    expect(toImportedTicket([last!, ...before]).history).toEqual(toImportedTicket([first, ...others]).history);
  });

  test('at one instant the modification count decides, and priority comes before state', () => {
    const [row] = sample('INC0000045');
    const at = (sys_mod_count: string, incident_state: string, priority: string) => ({ ...row, sys_mod_count, incident_state, priority });
    const incident: Incident = [
      row,
      at('10', 'Awaiting User Info', '2 - High'),
      at('9', 'Active', '3 - Moderate'),
    ];
    expect(historyOf(toImportedTicket(incident))).toEqual([
      '2016-02-29T04:23 active',
      '2016-02-29T04:23 priority high',
      '2016-02-29T04:23 awaiting_user_info',
    ]);
  });

  test('what is unknown is left out', () => {
    const [row] = sample('INC0000045');
    const unknown = { ...row, caller_id: '?', category: '?', subcategory: '?', u_symptom: '?', location: '?' };
    expect(toImportedTicket([unknown])).toMatchObject({
      subject: 'INC0000045',
      description: 'Incident INC0000045, reported by phone.',
      requester: { name: 'Unknown caller' },
    });
  });
});

describe('wall times in São Paulo', () => {
  test.each([
    ['29-02-2016 01:16', '2016-02-29T04:16:00.000Z'],
    ['16-10-2016 00:30', '2016-10-16T03:00:00.000Z'], // skipped: summer time begins at midnight
    ['18-02-2017 23:30', '2017-02-19T01:30:00.000Z'], // repeated: summer time ends at midnight
  ])('%s', (wall, instant) => {
    expect(new Date(instantOf(wall) * 1000).toISOString()).toBe(instant);
  });

  test('another form is refused', () => {
    expect(() => instantOf('2016-02-29 01:16')).toThrow('not a wall time DD-MM-YYYY HH:MM: 2016-02-29 01:16');
  });
});
