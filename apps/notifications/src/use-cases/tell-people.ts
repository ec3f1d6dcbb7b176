import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { newId } from '#kernel/ids.js';
import type { Transaction } from '#platform/database/transaction.js';
import { LOG, type Log } from '#platform/logging/log.js';
import { messageIdFor, type NewDelivery, threadIdFor } from '../domain/delivery.js';
import type { Happening, Person } from '../domain/happening.js';
import { addressKindOf, type PlannedMail, planMails } from '../domain/plan-mails.js';
import { variablesFor } from '../domain/variables.js';
import { DeliveryRepository } from '../persistence/delivery.repository.js';
import { MailAddressRepository } from '../persistence/mail-address.repository.js';
import { PeopleRepository } from '../persistence/people.repository.js';
import { renderMail } from './render-mail.js';
import { SendMails } from './send-mails.js';

/** Writes the mails that the desk file wants about an event, in the transaction that marks the event as handled. */
@Injectable()
export class TellPeople {
  constructor(
    private readonly clock: Clock,
    private readonly deliveries: DeliveryRepository,
    private readonly people: PeopleRepository,
    private readonly addresses: MailAddressRepository,
    private readonly sending: SendMails,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async about(tx: Transaction, eventId: string, desk: DeskDocument, happening: Happening): Promise<void> {
    const mails = planMails(desk, happening);
    if (mails.length === 0) return;
    const recipients = await this.recipientsOf(tx, desk, mails);
    this.deliveries.insert(
      tx,
      mails.map((mail) => this.written(eventId, desk, happening, mail, recipients(mail))),
    );
    tx.onCommitted(() => this.sending.wake());
  }

  private written(
    eventId: string,
    desk: DeskDocument,
    happening: Happening,
    { ruleId, template, language }: PlannedMail,
    to: Person,
  ): NewDelivery {
    const { subject, body, missing } = renderMail(desk, template, variablesFor(desk, happening, to, language), language);
    if (missing.length > 0) {
      this.log.warn({ template, missing, event: eventId }, 'a mail uses variables that have no value at its event');
    }
    const id = newId();
    const sender = desk.email.from;
    const ticketId = happening.ticket?.id;
    return {
      id,
      deskId: desk.id,
      eventId,
      ruleId,
      ticketId,
      template,
      senderName: desk.name,
      sender,
      recipientName: to.name,
      recipient: to.email,
      subject,
      body,
      language,
      messageId: messageIdFor(id, sender),
      threadId: ticketId && threadIdFor(ticketId, sender),
      createdAt: this.clock.now(),
    };
  }

  /** The address chosen for the mail's kind, else the registered one, else the one the event came with (HST-9). */
  private async recipientsOf(
    tx: Transaction,
    desk: DeskDocument,
    mails: readonly PlannedMail[],
  ): Promise<(mail: PlannedMail) => Person> {
    const ids = [...new Set(mails.flatMap(({ to }) => to.accountId ?? []))];
    if (ids.length === 0) return (mail) => mail.to;
    const accounts = new Map((await this.people.accounts(tx, desk.id, ids)).map((person) => [person.accountId, person]));
    const chosen = await this.addresses.ofAccounts(tx, desk.id, ids);
    const chosenBy = new Map(chosen.map(({ accountId, kind, email }) => [`${accountId} ${kind}`, email]));
    return ({ to, category }) => {
      const email = chosenBy.get(`${to.accountId} ${addressKindOf(desk, category)}`);
      return { ...to, email: email ?? accounts.get(to.accountId)?.email ?? to.email };
    };
  }
}
