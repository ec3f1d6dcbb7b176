import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** What the server answers to a mail: nothing at all, for as long as the promise takes, or an SMTP refusal. */
export type Answer = 'take' | { readonly code: number; readonly text: string } | Promise<void>;

/** An SMTP server that does to mails what a test wants done to them. */
export class MailServer {
  readonly mails: ParsedMail[] = [];
  answer: (mail: ParsedMail) => Answer = () => 'take';
  private server?: SMTPServer;
  private port = 0;

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      closeTimeout: 100,
      onData: (stream, _session, callback) => {
        void simpleParser(stream).then(async (mail) => {
          this.mails.push(mail);
          const answer = await this.answer(mail);
          if (answer === 'take' || answer === undefined) return callback();
          return callback(Object.assign(new Error(answer.text), { responseCode: answer.code }));
        });
      },
    });
    // A client that is killed in the middle is what some tests are about.
    this.server.on('error', () => undefined);
    const listening = this.server.listen(this.port, '127.0.0.1');
    await once(listening, 'listening');
    this.port = (listening.address() as AddressInfo).port;
  }

  /** Starts again on the same port. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}
