import { Injectable } from '@nestjs/common';
import { DeskApplied } from '#contracts/generated/priolane/events/v1/account_events.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import { type DomainEvent, topicOf } from '#messaging/event.js';
import type { EventHandler } from '#messaging/inbox/event-handler.js';
import type { Transaction } from '#platform/database/transaction.js';
import { ApplyRules } from '../use-cases/apply-rules.js';

/** The desk's policies and calendars as a new revision of its rules; open tickets follow in the background. */
@Injectable()
export class OnDeskRules implements EventHandler {
  readonly topic = topicOf('accounts');
  readonly type = 'desk.applied';

  constructor(private readonly applyRules: ApplyRules) {}

  async handle(event: DomainEvent, tx: Transaction): Promise<void> {
    const { document, version } = DeskApplied.fromJSON(event.data);
    await this.applyRules.execute(tx, JSON.parse(document) as DeskDocument, version, event.occurredAt);
  }
}
