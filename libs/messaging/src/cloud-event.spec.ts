import { fromMessage, toMessage } from './cloud-event.js';

const event = {
  id: '0199b1d0-0000-7000-8000-0000000000aa',
  type: 'ticket.opened',
  aggregateId: '0199b1d0-0000-7000-8000-0000000000bb',
  sequence: 3,
  deskId: 'aurora',
  occurredAt: new Date('2026-03-02T09:00:00.123Z'),
  causationId: '0199b1d0-0000-7000-8000-0000000000cc',
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
};

describe('a CloudEvent', () => {
  it('carries the attributes as headers and the data alone as value', () => {
    expect(toMessage('tickets', { ...event, data: '{"number":"A-1"}' })).toEqual({
      key: event.aggregateId,
      value: '{"number":"A-1"}',
      headers: {
        ce_specversion: '1.0',
        ce_id: event.id,
        ce_type: 'priolane.ticket.opened.v1',
        ce_source: '/priolane/tickets',
        ce_subject: event.aggregateId,
        ce_time: '2026-03-02T09:00:00.123Z',
        'content-type': 'application/json',
        ce_sequence: '3',
        ce_deskid: 'aurora',
        ce_causationid: event.causationId,
        ce_traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-80000000000000aa-01',
      },
    });
  });

  it('comes back as it was, with what is optional left out', () => {
    const message = toMessage('tickets', { ...event, data: '{"number":"A-1"}' });
    expect(fromMessage(message)).toEqual({ ...event, data: { number: 'A-1' } });
    const plain = toMessage('tickets', { ...event, causationId: undefined, traceId: undefined, data: '{}' });
    expect(fromMessage(plain)).toEqual({ ...event, causationId: undefined, traceId: undefined, data: {} });
  });

  it.each([
    ['ce_type', 'ticket.opened', 'ce_type ticket.opened is not priolane.<type>.v1'],
    ['ce_sequence', '0', 'ce_sequence 0 is no sequence'],
    ['ce_time', 'noon', 'ce_time noon is no instant'],
    ['ce_id', '', 'the header ce_id is missing'],
    ['ce_deskid', '', 'the header ce_deskid is missing'],
  ])('is refused when %s is "%s"', (name, value, reason) => {
    const message = toMessage('tickets', { ...event, data: '{}' });
    expect(() => fromMessage({ ...message, headers: { ...message.headers, [name]: value } })).toThrow(reason);
  });
});
