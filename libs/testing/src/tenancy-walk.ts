import { status } from '@grpc/grpc-js';
import { DataSource } from 'typeorm';
import { METHODS } from '#contracts/generated/access.js';
import { type Caller, ROLES, type Role } from '#kernel/caller.js';
import { newId } from '#kernel/ids.js';
import { RpcError } from '#platform/grpc/rpc-error.js';
import type { ServiceUnderTest } from './grpc.js';
import { reflectedMethods } from './reflection.js';

type Status = keyof typeof status;

type Expected = Status | ((role: Role) => Status);

/** A call for what belongs to somebody else. */
export interface Attempt {
  /** Names what is theirs in its id fields. For a method that takes a stream: its one message. */
  readonly request: object;
  /** What a stranger is answered with; default NOT_FOUND. OK: with what is the stranger's own, which is looked through. */
  readonly answer?: Expected;
  /** For another organisation of the same desk, where it differs: what belongs to the desk is for all its customers. */
  readonly sameDesk?: Expected;
}

/** A service with something in it that belongs to one organisation of one desk. */
export interface Theirs {
  readonly service: ServiceUnderTest;
  readonly deskId: string;
  /** A desk that has nothing to do with it. */
  readonly otherDeskId: string;
  /** Words that stand in their data and in no attempt. */
  readonly secret: string;
  /** The same for what the desk shows to all its customers, and to no other desk. */
  readonly deskSecret?: string;
  /** By method: `TicketService/GetTicket`. */
  readonly attempts: Readonly<Record<string, readonly Attempt[]>>;
  /** By whom and how the secret is heard: without it, silence would prove nothing. */
  readonly owner: { readonly caller: Caller; readonly method: string };
  stop(): Promise<void>;
}

type Method = (request: object, options?: object) => Promise<object> | AsyncIterable<object>;

/** Long enough for what is there to arrive; a stream that waits for more is cut then, which is no refusal. */
const STREAM_MS = 500;
/** What ends by itself is waited for, however slow the machine: a refusal that was cut off would pass for an answer. */
const PATIENCE_MS = 30_000;
const MEMBERS: readonly Role[] = ['customer', 'account_manager'];

/**
 * Walks all methods of a package with other people's tokens: nothing of theirs is told, nothing of theirs is changed,
 * and nobody comes in without a token and the role. A method without an attempt, or an attempt that leaves an id field
 * empty, fails the suite, so that a new method cannot be forgotten. `guardedInside` names public methods that look at the
 * caller all the same.
 */
export function walkTenancy(packageName: string, start: () => Promise<Theirs>, guardedInside: readonly string[] = []): void {
  describe(`${packageName} between tenants`, () => {
    const marks = Object.entries(METHODS).filter(([name]) => name.startsWith(`${packageName}.`));
    const guarded = marks.filter(([, mark]) => !mark.public).map(([name, { roles }]) => ({ name, roles }));
    const walked = [...guarded, ...guardedInside.map((name) => ({ name: `${packageName}.${name}`, roles: ROLES }))];
    let theirs: Theirs;

    beforeAll(async () => {
      theirs = await start();
    });
    afterAll(() => theirs?.stop());

    it('serves exactly the methods that have an access mark', async () => {
      const served = await reflectedMethods(theirs.service.grpcAddress, packageName);
      expect(served.map((method) => method.name).sort()).toEqual(marks.map(([name]) => name).sort());
    });

    it('is walked whole: every method that needs a token, every field that names something', async () => {
      const attempted = Object.keys(theirs.attempts).map((name) => `${packageName}.${name}`);
      expect(attempted.sort()).toEqual(walked.map(({ name }) => name).sort());
      const served = await reflectedMethods(theirs.service.grpcAddress, packageName);
      const empty = served.flatMap(({ name, idFields }) => {
        const attempts = theirs.attempts[shortOf(name)];
        return attempts ? idFields.filter((path) => !attempts.some(({ request }) => at(request, path))).map((path) => `${name} ${path}`) : [];
      });
      expect(empty).toEqual([]);
    });

    it('tells the owner', async () => {
      const { caller, method } = theirs.owner;
      const said = await call(theirs.service, `${packageName}.${method}`, theirs.attempts[method]![0]!.request, caller);
      expect(said.status).toBe('OK');
      expect(said.words).toContain(theirs.secret);
    });

    it.each(walked)('$name: another desk is told and changes nothing', async ({ name, roles }) => {
      const before = await rowsOf(theirs);
      for (const role of roles) {
        for (const { request, answer = 'NOT_FOUND' } of theirs.attempts[shortOf(name)]!) {
          const awaited = expected(answer, role);
          const said = await call(theirs.service, name, request, stranger(theirs.otherDeskId, role), awaited);
          expect({ role, status: said.status, request }).toEqual({ role, status: awaited, request });
          expect(said.words).not.toContain(theirs.secret);
          if (theirs.deskSecret) expect(said.words).not.toContain(theirs.deskSecret);
        }
      }
      expect(await rowsOf(theirs)).toEqual(before);
    });

    it.each(walked.filter(({ roles }) => roles.some((role) => MEMBERS.includes(role))))(
      '$name: another organisation of the desk is told and changes nothing',
      async ({ name, roles }) => {
        const before = await rowsOf(theirs);
        let wrote = false;
        for (const role of roles.filter((allowed) => MEMBERS.includes(allowed))) {
          for (const { request, answer = 'NOT_FOUND', sameDesk = answer } of theirs.attempts[shortOf(name)]!) {
            const awaited = expected(sameDesk, role);
            const said = await call(theirs.service, name, request, stranger(theirs.deskId, role), awaited);
            expect({ role, status: said.status, request }).toEqual({ role, status: awaited, request });
            expect(said.words).not.toContain(theirs.secret);
            wrote ||= said.status === 'OK';
          }
        }
        // What is a stranger's own is a row of the same desk.
        if (!wrote) expect(await rowsOf(theirs)).toEqual(before);
      },
    );

    it.each(guarded)('$name: nobody without a token', async ({ name }) => {
      for (const { request } of theirs.attempts[shortOf(name)]!) {
        const said = await call(theirs.service, name, request, null, 'UNAUTHENTICATED');
        expect(said.status).toBe('UNAUTHENTICATED');
        expect(said.words).not.toContain(theirs.secret);
      }
    });

    it.each(guarded.filter(({ roles }) => roles.length < ROLES.length))('$name: nobody without the role', async ({ name, roles }) => {
      const before = await rowsOf(theirs);
      for (const role of ROLES.filter((other) => !roles.includes(other))) {
        const { request } = theirs.attempts[shortOf(name)]![0]!;
        const said = await call(theirs.service, name, request, stranger(theirs.deskId, role), 'PERMISSION_DENIED');
        expect({ role, status: said.status, reason: said.reason }).toEqual({ role, status: 'PERMISSION_DENIED', reason: 'ROLE_REQUIRED' });
      }
      expect(await rowsOf(theirs)).toEqual(before);
    });
  });
}

function shortOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function expected(answer: Expected, role: Role): Status {
  return typeof answer === 'string' ? answer : answer(role);
}

function stranger(deskId: string, role: Role): Partial<Caller> {
  return { deskId, roles: [role], accountId: newId(), name: 'Sam Stranger', email: 'sam@stranger.example' };
}

function at(request: object, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], request);
}

/** What the caller hears: the status, and all the words of the answer or of the refusal. `awaited`: what it should be. */
export async function call(
  service: ServiceUnderTest,
  name: string,
  request: object,
  caller: Partial<Caller> | null,
  awaited: Status = 'OK',
): Promise<{ readonly status: Status; readonly reason: string; readonly words: string }> {
  const [serviceName, method] = name.split('/') as [string, string];
  const client = service.client<Record<string, never>>(serviceName, caller) as unknown as Record<string, Method>;
  const { clientStreaming, serverStreaming } = METHODS[name]!;
  const fresh = 'requestId' in request ? { ...request, requestId: newId() } : request;
  const answers: object[] = [];
  const deadlineMs = serverStreaming && awaited === 'OK' ? STREAM_MS : PATIENCE_MS;
  try {
    const answer = client[method.charAt(0).toLowerCase() + method.slice(1)]!(
      clientStreaming ? [fresh] : fresh,
      { deadlineMs },
    );
    if (serverStreaming) for await (const message of answer as AsyncIterable<object>) answers.push(message);
    else answers.push(await (answer as Promise<object>));
    return { status: 'OK', reason: '', words: JSON.stringify(answers) };
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    const { code, reason, message, metadata, violations } = error;
    const cut = serverStreaming && awaited === 'OK' && code === status.DEADLINE_EXCEEDED;
    const said = cut ? 'OK' : (status[code] as Status);
    return { status: said, reason, words: JSON.stringify([answers, message, metadata, violations]) };
  }
}

/**
 * Fingerprints of all rows of their desk, table by table. Of the outbox only the number counts: its rows change when
 * they are published.
 */
async function rowsOf({ service, deskId }: Theirs): Promise<Record<string, string>> {
  const database = service.app.get(DataSource, { strict: false });
  const tables = await database.query<{ name: string }[]>(
    `SELECT table_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name = 'desk_id' ORDER BY table_name`,
  );
  const prints: Record<string, string> = {};
  for (const { name } of tables) {
    const print = name === 'outbox' ? 'count(*)::text' : `count(*) || md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), ''))`;
    const rows = await database.query<{ print: string }[]>(`SELECT ${print} AS print FROM "${name}" t WHERE desk_id = $1`, [deskId]);
    prints[name] = rows[0]!.print;
  }
  return prints;
}
