import { DeadLetter } from './inbox/dead-letter.entity.js';
import { OutboxRecord } from './outbox/outbox.entity.js';

/** For the service's `DatabaseModule`, together with `MessagingTables1760000001000`. */
export const messagingEntities = [OutboxRecord, DeadLetter];
