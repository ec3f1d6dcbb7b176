import type { Violation } from '#kernel/errors.js';
import { after, instant } from '../runner/time.js';
import { expectEqual, expectRefused, expectThat, faultyFields } from '../runner/expect.js';
import { rule } from '../runner/scenario.js';

const PHONE = '+1 800 555 0142';

/** How tickets come to the fleet desk: FLT-1, FLT-2, FLT-5, FLT-6. */
export const fleetOpening = [
  rule('FLT-1', 'every target counts every hour of the week, and of Christmas', async (desk) => {
    const { deadlines, clock } = desk;
    const week = clock.quietWeek();
    const christmas = new Date(`${week.at('Mon 00:00').getUTCFullYear()}-12-24T00:00:00Z`);
    for (const priority of ['urgent', 'normal']) {
      const hours = Array.from({ length: 168 }, (_, h) => after(week.at('Mon 00:00'), { hours: h }));
      const opened = [...hours, ...[0, 20, 40].map((h) => after(christmas, { hours: h }))];
      const previews = await Promise.all(opened.map((openedAt) => deadlines.preview(openedAt, { priority })));
      for (const [i, { clocks }] of previews.entries()) {
        const openedAt = opened[i]!;
        expectThat(clocks.length > 0, `a ticket of ${openedAt.toISOString()} has no clocks`);
        for (const { target, dueAt, targetSeconds } of clocks) {
          const due = after(openedAt, { seconds: Number(targetSeconds) });
          expectEqual(`${target} of a ${priority} ticket of ${openedAt.toISOString()}`, instant(dueAt), due);
        }
      }
    }

    const kim = await desk.customer();
    await clock.to(week.at('Sat 23:30'));
    const ticket = await kim.opens();
    const due = after(instant(ticket.openedAt), { hours: 8 });
    await deadlines.become(ticket, 'first_response', { state: 'RUNNING', due });
    await clock.to(after(due, { seconds: 2 }));
    await deadlines.become(ticket, 'first_response', { state: 'BREACHED', due, breached: due });
    await desk.agent.replies(ticket, 'We look into it.');
    await clock.to(week.at('Sun 22:00'));
    const { sentAt } = await kim.replies(ticket, 'Thank you. It still does not work.');
    await deadlines.become(ticket, 'next_response', { state: 'RUNNING', due: after(sentAt, { hours: 12 }) });
  }),

  rule('FLT-2', 'an agent opens urgent tickets for callers; urgent online is told to call', async (desk) => {
    const company = await desk.company();
    const kim = await company.customer('Kim');
    const called = { channel: 'phone', onBehalfOf: company.behalfOf(kim) };

    const urgent = await desk.agent.opens({ ...called, priority: 'urgent' });
    expectEqual('the call', [urgent.channel, urgent.priority, urgent.requester?.accountId], ['phone', 'urgent', kim.who.accountId]);
    expectEqual('whose ticket it is', urgent.organisationId, company.id);
    expectEqual('the ticket that the caller sees', (await kim.sees(urgent)).number, urgent.number);
    const due = after(instant(urgent.openedAt), { minutes: 30 });
    await desk.deadlines.become(urgent, 'first_response', { state: 'RUNNING', due });
    expectEqual('a call that is not urgent', (await desk.agent.opens(called)).priority, 'normal');

    expectEqual('what can wait', (await kim.opens()).priority, 'normal');
    for (const channel of ['form', 'api', 'email']) {
      const refused = await expectRefused(`urgent by ${channel}`, kim.opens({ channel, priority: 'urgent' }), 'URGENT_BY_PHONE');
      expectEqual('the number to call', refused.metadata['phone'], PHONE);
      expectThat(refused.message.includes(PHONE), `the refusal does not say whom to call: ${refused.message}`);
    }
    const online = await kim.opens();
    const raised = await expectRefused('urgent afterwards', kim.reclassifies(online, { priority: 'urgent' }), 'URGENT_BY_PHONE');
    expectEqual('the number to call', raised.metadata['phone'], PHONE);
    await expectRefused('a customer’s own phone ticket', kim.opens({ channel: 'phone', priority: 'urgent' }), 'CHANNEL_NOT_FOR_CALLER');
  }),

  rule('FLT-5', 'the title is made of the account’s organisation and the subject, once', async (desk) => {
    const company = await desk.company();
    const kim = await company.customer('Kim');
    const title = `${company.name} - [GPS is silent]`;
    expectEqual('the title', (await kim.opens({ subject: 'GPS is silent' })).subject, title);
    expectEqual('the title of a subject in that form', (await kim.opens({ subject: title })).subject, title);
    const call = { channel: 'phone', subject: 'GPS is silent', onBehalfOf: company.behalfOf(kim) };
    expectEqual('the title of a call', (await desk.agent.opens(call)).subject, title);
    const foreign = 'Somebody Else - [GPS is silent]';
    expectEqual('another organisation’s form', (await kim.opens({ subject: foreign })).subject, `${company.name} - [${foreign}]`);
  }),

  rule('FLT-6', 'every field may be left out, and what is given has its type', async (desk) => {
    const kim = await desk.customer();
    const vehicle = { vehicle_vin: '1hgcm82633a004352', vehicle_year: '2021', vehicle_make: 'Ford', vehicle_model: 'Transit' };
    const links = { driver_link: 'https://fleet.example/drivers/7', vehicle_link: 'https://fleet.example/vehicles/9' };
    const software = { browser_type: 'Firefox', browser_version: '145.0', app_version: '9.2.1' };
    const words = { expected_behaviour: 'a position', unexpected_behaviour: 'none', impact: 'no routes', steps_taken: 'restarted' };
    const hardware = { hardware_model: 'VG34', hardware_serial: 'GX-7' };
    const where = { occurred_at: '2027-05-18T09:00:00+02:00', location: 'Depot 4', driver_name: 'Jo' };
    const all = { ...where, ...vehicle, ...links, ...hardware, ...software, ...words };

    expectEqual('no fields', (await kim.opens()).fields, {});
    const full = await kim.opens({ fields: all });
    expectEqual('all fields', full.fields, { ...all, vehicle_vin: '1HGCM82633A004352' });
    for (const [id, value] of Object.entries(all)) {
      const { fields } = await kim.opens({ fields: { [id]: value } });
      expectEqual(`${id} by itself`, Object.keys(fields), [id]);
    }

    const wrong: readonly (readonly [string, string])[] = [
      ...['1HGCM82633A00435', '1HGCM82633A0043521', 'IHGCM82633A004352', '1HGCM8263OA004352', '1HGCM82633Q004352'].map(
        (vin) => ['vehicle_vin', vin] as const,
      ),
      ['occurred_at', 'yesterday'],
      ['driver_link', 'Jo'],
      ['vehicle_link', 'van 9'],
      ['vehicle_year', 'new'],
      ['vehicle_year', '20.5'],
    ];
    for (const [id, value] of wrong) {
      const refused = await expectRefused(`${id} “${value}”`, kim.opens({ fields: { [id]: value } }), 'INVALID_ARGUMENT');
      expectEqual(`the field that is wrong with “${value}”`, faultyFields(refused), [`fields.${id}`]);
    }
    const several = kim.opens({ description: '', fields: { vehicle_vin: 'short', vehicle_year: 'new', shoe_size: '44' } });
    const refused = await expectRefused('several faults', several, 'INVALID_ARGUMENT');
    const fields = ['description', 'fields.shoe_size', 'fields.vehicle_vin', 'fields.vehicle_year'];
    expectEqual('the fields that are wrong', faultyFields(refused), fields);
    const vin = refused.violations.find(({ field }: Violation) => field === 'fields.vehicle_vin');
    expectThat(vin!.description.includes('no I, O or Q'), `the fault does not say what a VIN is: ${vin!.description}`);
  }),
];
