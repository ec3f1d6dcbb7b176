import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import { ENV } from '#platform/platform.module.js';
import type { Delivery } from '../domain/delivery.js';
import type { NotificationsEnv } from '../env.js';

export type SendOutcome =
  | { readonly kind: 'sent' }
  /** Worth another attempt; `permanent`: the server will never take this mail. */
  | { readonly kind: 'refused'; readonly permanent: boolean; readonly reason: string };

const CONNECT_MS = 10_000;
const SILENCE_MS = 30_000;

/** Outgoing mail over a pool of SMTP connections. */
@Injectable()
export class Smtp implements OnApplicationShutdown {
  private readonly transport;

  constructor(@Inject(ENV) env: NotificationsEnv) {
    this.transport = createTransport({
      url: env.SMTP_URL,
      pool: true,
      maxConnections: env.SMTP_CONNECTIONS,
      // A connection that the server has closed in the meantime is worth one more try at once.
      maxRequeues: 1,
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  async send(mail: Delivery): Promise<SendOutcome> {
    try {
      await this.transport.sendMail({
        from: { name: mail.senderName, address: mail.sender },
        to: { name: mail.recipientName, address: mail.recipient },
        subject: mail.subject,
        text: mail.body,
        messageId: mail.messageId,
        inReplyTo: mail.threadId,
        references: mail.threadId,
        // RFC 3834: nothing that answers mail by itself answers this one.
        headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': mail.language },
      });
      return { kind: 'sent' };
    } catch (error) {
      return { kind: 'refused', permanent: isPermanent(error), reason: reasonOf(error) };
    }
  }

  onApplicationShutdown(): void {
    this.transport.close();
  }
}

/** 5xx means never, but for what is wrong with our own sign-in; an address that is none never gets better either. */
export function isPermanent(error: unknown): boolean {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  if (code === 'EAUTH' || code === 'ETLS') return false;
  if (typeof responseCode === 'number') return responseCode >= 500;
  return code === 'EENVELOPE';
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 500);
}
