import { newContext, runInContext } from '../context.js';
import { createLog } from './log.js';

function logged(write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown> {
  let line = '';
  write(createLog({ service: 'tickets', level: 'info', destination: { write: (text) => void (line += text) } }));
  return JSON.parse(line) as Record<string, unknown>;
}

describe('the log', () => {
  it('says which call a line belongs to', () => {
    const context = newContext('x.Y/Z', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
    const line = logged((log) => runInContext(context, () => log.info({ ticket: 7 }, 'opened')));
    expect(line).toMatchObject({
      service: 'tickets',
      level: 'info',
      message: 'opened',
      ticket: 7,
      method: 'x.Y/Z',
      trace_id: '0af7651916cd43dd8448eb211c80319c',
    });
  });

  it('shows neither tokens nor what customers wrote', () => {
    const line = logged((log) =>
      log.info({ authorization: 'Bearer abc', ticket: { subject: 'My card 4242', body: 'text', number: 7 } }, 'm'),
    );
    expect(JSON.stringify(line)).not.toMatch(/abc|4242/);
    expect(line).toMatchObject({ ticket: { number: 7, subject: '[removed]' } });
  });

  it('keeps of a failed query its code and its place, not its parameters or values', () => {
    const driverError = { code: '22P02', detail: 'my secret' };
    const error = Object.assign(new Error('invalid input syntax for type uuid: "my secret"'), {
      driverError,
      parameters: ['my secret'],
    });
    const line = logged((log) => log.error({ err: error }, 'failed'));
    expect(JSON.stringify(line)).not.toContain('my secret');
    expect(line['err']).toMatchObject({
      code: '22P02',
      message: 'invalid input syntax for type uuid: "…"',
      stack: expect.stringContaining('log.spec'),
    });
  });

  it('follows causes', () => {
    const line = logged((log) => log.error({ err: new Error('outer', { cause: new TypeError('inner') }) }, 'failed'));
    expect(line['err']).toMatchObject({ message: 'outer', cause: { type: 'TypeError', message: 'inner' } });
  });
});
