export interface Mail {
  readonly subject: string;
  readonly text: string;
}

/** Asks until there is an answer, as patiently and with the words its user has for it. */
export type Wait = <T>(what: string, ask: () => Promise<T | undefined | false>) => Promise<T>;

/** The development mailbox, where every mail of the stack ends. */
export class Mailbox {
  /** `webUrl`: null where mail goes to a server that was given, which nobody here can look into. */
  constructor(
    private readonly webUrl: string | null,
    private readonly wait: Wait,
  ) {}

  /** Waits for a mail to an address whose subject or text has the words. */
  arrives(address: string, words: string): Promise<Mail> {
    return this.wait(`a mail to ${address} with “${words}”`, async () => (await this.with(address, words))[0]);
  }

  async count(address: string, words: string): Promise<number> {
    return (await this.with(address, words)).length;
  }

  /** The oldest first. */
  private async with(address: string, words: string): Promise<readonly Mail[]> {
    if (this.webUrl === null) throw new Error('mail goes to SMTP_URL, where nobody can look; start without SMTP_URL');
    const answer = await fetch(`${this.webUrl}/email?to.address=${encodeURIComponent(address)}`);
    const mails = (await answer.json()) as Mail[];
    return mails.filter(({ subject, text }) => subject.includes(words) || text.includes(words));
  }
}
