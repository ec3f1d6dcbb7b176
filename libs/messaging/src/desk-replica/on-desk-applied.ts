import { Injectable } from '@nestjs/common';
import { DeskApplied } from '#contracts/generated/priolane/events/v1/account_events.js';
import type { Transaction } from '#platform/database/transaction.js';
import { type DomainEvent, topicOf } from '../event.js';
import type { EventHandler } from '../inbox/event-handler.js';

/** Keeps the service's copy of each desk version. */
@Injectable()
export class OnDeskApplied implements EventHandler {
  readonly topic = topicOf('accounts');
  readonly type = 'desk.applied';

  async handle(event: DomainEvent, tx: Transaction): Promise<void> {
    const desk = DeskApplied.fromJSON(event.data);
    tx.execute(
      `INSERT INTO desk_version (desk_id, version, document, applied_at) VALUES ($1, $2, $3::jsonb, $4)
       ON CONFLICT (desk_id, version) DO NOTHING`,
      [desk.deskId, desk.version, desk.document, event.occurredAt],
    );
  }
}
