import { EventEmitter } from 'node:events';
import { setImmediate as tick } from 'node:timers/promises';
import { createLog } from './logging/log.js';
import { exitOnSignals, type ProcessLike, watchForDefects } from './shutdown.js';

class FakeProcess extends EventEmitter {
  readonly exits: number[] = [];

  exit(code: number): never {
    this.exits.push(code);
    return undefined as never;
  }
}

let lines: string[];
const log = createLog({ service: 'x', level: 'info', destination: { write: (line) => void lines.push(line) } });

function started(close: () => Promise<void>): FakeProcess {
  lines = [];
  const host = new FakeProcess();
  exitOnSignals({ log, close }, host as unknown as ProcessLike);
  watchForDefects(log, close, host as unknown as ProcessLike);
  return host;
}

describe('the end of a process', () => {
  it('is 0 after a signal and an orderly shutdown', async () => {
    const host = started(() => Promise.resolve());
    host.emit('SIGTERM');
    expect(host.exits).toEqual([]);
    await tick();
    expect(host.exits).toEqual([0]);
  });

  it('is 1 when something would not close', async () => {
    const host = started(() => Promise.reject(new Error('the pool hangs')));
    host.emit('SIGINT');
    await tick();
    expect(host.exits).toEqual([1]);
    expect(lines.join()).toContain('the pool hangs');
  });

  it('comes at once with a second signal', () => {
    const host = started(() => new Promise(() => undefined));
    host.emit('SIGTERM');
    host.emit('SIGINT');
    expect(host.exits).toEqual([130]);
  });

  it('is 1 after a rejection that nobody handled, which is logged with its stack', async () => {
    const host = started(() => Promise.resolve());
    host.emit('unhandledRejection', new TypeError('lost'));
    await tick();
    expect(host.exits).toEqual([1]);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      level: 'fatal',
      err: { type: 'TypeError', message: 'lost', stack: expect.stringContaining('shutdown.spec') },
    });
  });
});
