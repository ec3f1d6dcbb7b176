import { writeFileSync } from 'node:fs';
import { FileClock } from '#platform/clock/file-clock.js';
import type { StackDescription } from '../infrastructure/stack-file.js';
import { Session } from './session.js';

/** A running stack from outside: people who sign in, and the clock that all its services share. */
export class StackUnderUse {
  readonly clock: FileClock;
  private readonly sessions: Session[] = [];

  constructor(readonly description: StackDescription) {
    this.clock = new FileClock(description.clockFile);
  }

  /** The installation's admin, by the key of the stack file. */
  admin(): Session {
    return this.apiKey(this.description.bootstrapAdminKey);
  }

  apiKey(apiKey: string): Session {
    return this.session(async (auth) => (await auth.exchangeApiKey({ apiKey })).tokens!);
  }

  person(deskId: string, email: string, password: string): Session {
    return this.session(async (auth) => (await auth.signIn({ deskId, email, password })).tokens!);
  }

  /** Moves the clock of every service, forwards only: events that happened cannot lie ahead. */
  moveClockTo(instant: Date): void {
    const forward = instant.getTime() - this.clock.now().getTime();
    if (forward < 0) throw new RangeError(`the clock already shows ${this.clock.now().toISOString()}`);
    this.advanceClock(forward);
  }

  advanceClock(milliseconds: number): void {
    const offsetMs = this.clock.now().getTime() - Date.now() + milliseconds;
    writeFileSync(this.description.clockFile, JSON.stringify({ offsetMs: Math.round(offsetMs) }));
  }

  close(): void {
    for (const session of this.sessions) session.close();
  }

  private session(signIn: ConstructorParameters<typeof Session>[2]): Session {
    const session = new Session(this.description, this.clock, signIn);
    this.sessions.push(session);
    return session;
  }
}
