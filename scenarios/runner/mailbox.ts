import { eventually, NotAsTheRuleSays } from './expect.js';

export interface Mail {
  readonly subject: string;
  readonly text: string;
}

/** The development mailbox, where every mail of the stack ends. */
export class Mailbox {
  constructor(private readonly webUrl: string | null) {}

  /** All mails to an address, the oldest first. */
  async to(address: string): Promise<readonly Mail[]> {
    if (this.webUrl === null) throw new NotAsTheRuleSays('mail goes to SMTP_URL, where scenarios cannot look');
    const answer = await fetch(`${this.webUrl}/email?to.address=${encodeURIComponent(address)}`);
    return (await answer.json()) as Mail[];
  }

  /** Waits for a mail whose subject or text has the words. */
  arrives(address: string, words: string): Promise<Mail> {
    return eventually(`a mail to ${address} with “${words}”`, async () =>
      (await this.to(address)).find((mail) => mail.subject.includes(words) || mail.text.includes(words)),
    );
  }

  async count(address: string, words: string): Promise<number> {
    return (await this.to(address)).filter((mail) => mail.subject.includes(words) || mail.text.includes(words)).length;
  }
}
