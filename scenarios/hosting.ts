import type { DeskServiceClient } from '#contracts/generated/priolane/accounts/v1/desk.js';
import { expectAt, expectEqual, expectRefused, expectThat, faultyFields } from './runner/expect.js';
import { rule } from './runner/scenario.js';
import { after, instant } from './runner/time.js';

const HIGH = {
  priority: 'high',
  department: 'technical',
  fields: { server_ip: '203.0.113.7', service_name: 'web-1', started_at: '2027-05-18T09:00:00+02:00' },
};

/** Tickets of the hosting desk: HST-1, HST-2, HST-3, HST-10. */
export const hosting = [
  rule('HST-1', 'Technical or Financial, Normal or High', async (desk) => {
    const { departments, priorities } = desk.document;
    expectEqual('the departments', departments.map(({ label }) => label['en']), ['Technical', 'Financial']);
    expectEqual('the priorities', priorities.map(({ label }) => label['en']), ['High', 'Normal']);
    const high = priorities.find(({ id }) => id === 'high')!;
    expectThat(high.description!['en']!.includes('total unavailability'), 'it is not said what High is for');
    const kim = await desk.customer();
    for (const department of ['technical', 'financial']) {
      for (const priority of ['normal', 'high']) {
        const ticket = await kim.opens({ ...HIGH, department, priority });
        expectEqual('the ticket', [ticket.department, ticket.priority], [department, priority]);
      }
    }
    expectEqual('a ticket without a priority', (await kim.opens({ department: 'financial' })).priority, 'normal');
    const unknown = { department: 'legal', priority: 'critical' };
    const refused = await expectRefused('what the desk does not have', kim.opens(unknown), 'INVALID_ARGUMENT');
    expectEqual('the faults', faultyFields(refused), ['department', 'priority']);
    const moved = await desk.agent.reclassifies(await kim.opens({ department: 'technical' }), { department: 'financial' });
    expectEqual('the ticket in its right department', moved.department, 'financial');
  }),

  rule('HST-2', 'High names all that is missing in one answer', async (desk) => {
    const kim = await desk.customer();
    const missing = await expectRefused('High with nothing', kim.opens({ priority: 'high' }), 'INVALID_ARGUMENT');
    const wanted = ['fields.order_number', 'fields.server_ip', 'fields.service_name', 'fields.started_at'];
    expectEqual('what is missing', faultyFields(missing), wanted);
    const { server_ip: ip, ...rest } = HIGH.fields;
    const noService = kim.opens({ ...HIGH, fields: { server_ip: ip } });
    const partly = await expectRefused('High with the server alone', noService, 'INVALID_ARGUMENT');
    expectEqual('what is missing', faultyFields(partly), ['fields.service_name', 'fields.started_at']);
    expectEqual('Normal with nothing', (await kim.opens({ priority: 'normal' })).priority, 'normal');

    const servers: readonly Record<string, string>[] = [{ server_ip: ip }, { server_ip: '2001:db8::7' }, { order_number: '#123456' }];
    for (const server of servers) {
      expectEqual('High', (await kim.opens({ ...HIGH, fields: { ...rest, ...server } })).priority, 'high');
    }
    const diagnostics = { ...HIGH.fields, diagnostics: 'ping: 100% packet loss' };
    expectEqual('the diagnostics', (await kim.opens({ ...HIGH, fields: diagnostics })).fields['diagnostics'], diagnostics.diagnostics);
    const wrong: readonly Record<string, string>[] = [
      { server_ip: '203.0.113.700' },
      { server_ip: '2001:db8::g' },
      { order_number: '123456' },
      { order_number: '#12345' },
    ];
    for (const server of wrong) {
      const refused = await expectRefused(JSON.stringify(server), kim.opens({ ...HIGH, fields: { ...rest, ...server } }), 'INVALID_ARGUMENT');
      expectEqual('what is wrong', faultyFields(refused), [`fields.${Object.keys(server)[0]}`]);
    }

    const given = await kim.opens(HIGH);
    expectAt('a start time with its zone', startOf(given.fields), new Date('2027-05-18T07:00:00Z'));
    const inWarsaw = { '2027-05-18T09:00': '2027-05-18T07:00:00Z', '2027-01-18T09:00:00': '2027-01-18T08:00:00Z' };
    for (const [local, start] of Object.entries(inWarsaw)) {
      const { fields } = await kim.opens({ ...HIGH, fields: { ...HIGH.fields, started_at: local } });
      const kept = fields['started_at'] ?? '';
      expectThat(/(Z|[+-]\d\d:\d\d)(\[.+\])?$/.test(kept), `${local}, which is Warsaw’s time, is kept as “${kept}” without a zone`);
      expectAt(`${local} in Warsaw`, startOf(fields), new Date(start));
    }
  }),

  rule('HST-3', 'first response within ten minutes at any hour, and High is processed first', async (desk) => {
    const { agent, clock, deadlines } = desk;
    const week = clock.quietWeek();
    const hours = Array.from({ length: 168 }, (_, h) => after(week.at('Mon 00:00'), { hours: h }));
    for (const type of ['general', 'service']) {
      for (const priority of ['normal', 'high']) {
        const dues = await Promise.all(hours.map((openedAt) => deadlines.preview(openedAt, { type, priority })));
        for (const [h, openedAt] of hours.entries()) {
          const due = dues[h]!.due('first_response');
          expectAt(`the first response to ${openedAt.toISOString()}`, due, after(openedAt, { minutes: 10 }));
        }
      }
    }

    const kim = await desk.customer();
    await clock.to(week.at('Sun 03:00'));
    await desk.emptyQueue();
    const normal = [await kim.opens(), await kim.opens()];
    const high = [await kim.opens(HIGH), await kim.opens(HIGH)];
    const order = [...high, ...normal].map(({ number }) => number);
    const { tickets } = await agent.session.queue.listQueue({ pageSize: 10, pageToken: '' });
    expectEqual('the queue', tickets.map(({ number }) => number), order);
    const served = [await agent.claimsNext(), await agent.claimsNext(), await agent.claimsNext(), await agent.claimsNext()];
    expectEqual('the order in which they are served', served.map((ticket) => ticket?.number), order);

    const due = after(instant(normal[1]!.openedAt), { minutes: 10 });
    await deadlines.become(normal[1]!, 'first_response', { state: 'RUNNING', due });
    await clock.to(week.at('Sun 03:09'));
    await agent.replies(high[0]!, 'We are at the server.');
    await deadlines.become(high[0]!, 'first_response', { state: 'MET' });
    await clock.to(after(due, { seconds: 2 }));
    await deadlines.become(normal[1]!, 'first_response', { state: 'BREACHED', due, breached: due });
  }),

  rule('HST-10', 'anybody is told the channels with purpose, response time and place', async (desk) => {
    const anybody = desk.anybody<DeskServiceClient>('accounts', 'DeskService');
    const { channels } = await anybody.listChannels({ deskId: desk.id, language: 'en' });
    const offered = channels.filter((channel) => channel.offered);
    expectEqual('the channels', offered.map(({ label }) => label), ['Ticket form', 'Live chat', 'E-mail']);
    for (const { id, purpose, responseTime, where } of offered) {
      expectThat([purpose, responseTime, where].every((text) => text !== ''), `${id} lacks purpose, response time or place`);
    }
    const form = offered[0]!;
    expectEqual('the form', [form.responseTime, form.where], [
      'Within 10 minutes, at any hour.',
      'https://client.hosting.example/tickets/new',
    ]);
    expectEqual('e-mail', offered[2]!.responseTime, '15 to 30 minutes, at any hour.');
    const closed = channels.filter((channel) => !channel.offered).map(({ id }) => id);
    expectEqual('what is not offered', closed, ['phone']);
  }),
];

function startOf(fields: Readonly<Record<string, string>>): Date {
  return new Date(fields['started_at']!.replace(/\[.+\]$/, ''));
}
