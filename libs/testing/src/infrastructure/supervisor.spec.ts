import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify, isAlive, type ProcessIdentity } from './process-identity.js';
import { freePort } from './ports.js';
import { logFile, registryFolder, startChild, startKeeper, stopLeftovers, type Place } from './processes.js';
import { tcpProbe, until } from './readiness.js';
import { Supervisor, type Program } from './supervisor.js';

/** A program that listens on the port given; told to be deaf, it takes no SIGTERM. */
const SERVER = `
  const [port, deaf] = process.argv.slice(1);
  if (deaf === 'deaf') process.on('SIGTERM', () => console.log('deaf to SIGTERM'));
  require('node:net').createServer().listen(Number(port), '127.0.0.1', () => console.log('listening'));
`;

const BACK_OFF = { firstMs: 20, longestMs: 80, forgetAfterMs: 60_000 };

describe('the supervisor', () => {
  let place: Place;
  let port: number;
  const lines: string[] = [];
  const pids: number[] = [];
  const watcher = { report: (line: string) => lines.push(line), started: (pid: number) => pids.push(pid) };

  beforeEach(async () => {
    place = { folder: mkdtempSync(join(tmpdir(), 'supervisor-')) };
    port = await freePort();
    lines.length = 0;
    pids.length = 0;
  });

  afterEach(async () => {
    await stopLeftovers(place, 100);
    rmSync(place.folder, { recursive: true, force: true });
  });

  function program(change: Partial<Program> = {}, script = SERVER, ...args: string[]): Program {
    return {
      name: 'server',
      command: () => ({ command: process.execPath, args: ['-e', script, '--', String(port), ...args] }),
      ready: tcpProbe(port),
      readyLimitMs: 60_000,
      stopGraceMs: 2_000,
      restart: true,
      ...change,
    };
  }

  it('starts a program, logs its output and stops it by its pid', async () => {
    const supervisor = new Supervisor(place, program(), watcher);
    await supervisor.start();
    const identity = identify(supervisor.pid ?? 0) as ProcessIdentity;
    expect(isAlive(identity)).toBe(true);
    expect(readFileSync(logFile(place, 'server'), 'utf8')).toBe('listening\n');
    await supervisor.stop();
    expect(isAlive(identity)).toBe(false);
    expect(lines).toEqual([]);
  });

  it('kills a program that does not stop when it is asked', async () => {
    const supervisor = new Supervisor(place, program({ stopGraceMs: 200 }, SERVER, 'deaf'), watcher);
    await supervisor.start();
    const identity = identify(supervisor.pid ?? 0) as ProcessIdentity;
    await supervisor.stop();
    expect(isAlive(identity)).toBe(false);
    expect(readFileSync(logFile(place, 'server'), 'utf8')).toContain('deaf to SIGTERM');
  });

  it('says that a program died, and starts it again', async () => {
    const supervisor = new Supervisor(place, program(), watcher, BACK_OFF);
    await supervisor.start();
    process.kill(pids[0] as number, 'SIGKILL');
    await until(async () => lines.length === 2, AbortSignal.timeout(60_000));
    expect(lines[0]).toBe(`server died (SIGKILL); starting it again in 0.02 s. Log: ${logFile(place, 'server')}`);
    expect(lines[1]).toBe(`server is back (process ${pids[1]})`);
    expect(pids[1]).not.toBe(pids[0]);
    await supervisor.stop();
  });

  it('waits twice as long before each further start, up to the longest wait', async () => {
    // Listens once; every later start dies at once.
    const once = `const fs = require('node:fs'); if (fs.existsSync(process.argv[2])) process.exit(3);
      fs.writeFileSync(process.argv[2], ''); ${SERVER}`;
    const mark = join(place.folder, 'mark');
    const supervisor = new Supervisor(place, program({}, once, mark), watcher, BACK_OFF);
    await supervisor.start();
    process.kill(pids[0] as number, 'SIGKILL');
    await until(async () => lines.length >= 4, AbortSignal.timeout(60_000));
    await supervisor.stop();
    expect(lines.slice(0, 4).map((line) => /in ([\d.]+) s/.exec(line)?.[1])).toEqual(['0.02', '0.04', '0.08', '0.08']);
    expect(lines[1]).toContain('server did not come back (Error: server died at its start (exit code 3))');
  });

  it('refuses a program that dies at its start, with the end of its log', async () => {
    const broken = new Supervisor(place, program({}, 'console.log("no such table"); process.exit(2)'), watcher);
    await expect(broken.start()).rejects.toThrow(/server died at its start \(exit code 2\).*\nno such table/);
  });

  it('refuses a program that is not ready in time, and leaves no process', async () => {
    const idle = new Supervisor(place, program({ readyLimitMs: 300 }, 'setInterval(() => {}, 1000)'), watcher);
    await expect(idle.start()).rejects.toThrow('server was not ready within 0.3 s');
    expect(identify(idle.pid ?? 0)).toBeUndefined();
  });

  it('refuses a command that does not exist', async () => {
    const missing = program({ command: () => ({ command: join(place.folder, 'missing'), args: [] }) });
    await expect(new Supervisor(place, missing, watcher).start()).rejects.toThrow(/server could not be started: .*ENOENT/);
  });

  it('stops a program that is between two starts', async () => {
    const supervisor = new Supervisor(place, program(), watcher, { ...BACK_OFF, firstMs: 60_000, longestMs: 60_000 });
    await supervisor.start();
    process.kill(pids[0] as number, 'SIGKILL');
    await until(async () => lines.length === 1, AbortSignal.timeout(60_000));
    await supervisor.stop();
    expect(pids).toHaveLength(1);
  });

  it('finds what a killed owner left running, and nothing that only has the same pid', async () => {
    const child = await startChild(place, 'server', { command: process.execPath, args: ['-e', SERVER, '--', String(port)] });
    const stranger = { pid: process.pid, born: 'another life', name: 'stranger', stopSignals: ['SIGKILL'] };
    writeFileSync(join(registryFolder(place), 'stranger.json'), JSON.stringify(stranger));
    expect(await stopLeftovers(place)).toEqual(['server']);
    expect(isAlive(child.identity)).toBe(false);
    expect(await stopLeftovers(place)).toEqual([]);
  });

  it('ends the children of an owner that was killed, and removes the place when asked to', async () => {
    const owner = await startChild({ folder: `${place.folder}-owner` }, 'owner', {
      command: process.execPath,
      args: ['-e', 'setInterval(() => {}, 1000)'],
    });
    const child = await startChild(place, 'server', { command: process.execPath, args: ['-e', SERVER, '--', String(port)] });
    const keeper = startKeeper(place, { owner: owner.identity.pid, removePlace: true });
    await until(tcpProbe(port), AbortSignal.timeout(60_000));
    process.kill(owner.identity.pid, 'SIGKILL');
    await new Promise((resolve) => keeper.once('exit', resolve));
    expect(isAlive(child.identity)).toBe(false);
    expect(() => readFileSync(logFile(place, 'server'))).toThrow('ENOENT');
    rmSync(`${place.folder}-owner`, { recursive: true, force: true });
  });
});
