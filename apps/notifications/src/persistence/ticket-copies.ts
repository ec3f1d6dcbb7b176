import { Injectable } from '@nestjs/common';
import type { TicketTraits } from '#kernel/desk/lookups.js';
import type { Transaction } from '#platform/database/transaction.js';
import type { KnownTicket } from '../domain/happening.js';

interface TicketRow {
  readonly id: string;
  readonly deskId: string;
  readonly number: string;
  readonly subject: string;
  readonly language: string;
  readonly organisationId: string;
  readonly requesterAccountId: string;
  readonly requesterName: string;
  readonly requesterEmail: string;
  readonly status: string;
  readonly imported: boolean;
  readonly traits: TicketTraits;
  readonly sequence: number;
  readonly lastCustomerSequence: number;
  readonly lastAgentReplySequence: number;
}

/** The tickets as `tickets` publishes them, as far as mails need them. */
@Injectable()
export class TicketCopies {
  async find(tx: Transaction, deskId: string, id: string): Promise<KnownTicket | undefined> {
    const [row] = await tx.query<TicketRow>(
      `SELECT id, desk_id AS "deskId", number, subject, language, organisation_id AS "organisationId",
         requester_account_id AS "requesterAccountId", requester_name AS "requesterName",
         requester_email AS "requesterEmail", status, imported, traits, sequence,
         last_customer_sequence AS "lastCustomerSequence", last_agent_reply_sequence AS "lastAgentReplySequence"
       FROM ticket WHERE desk_id = $1 AND id = $2`,
      [deskId, id],
    );
    if (!row) return undefined;
    const { requesterAccountId, requesterName: name, requesterEmail: email, organisationId, ...rest } = row;
    return {
      ...rest,
      organisationId: organisationId || undefined,
      requester: { accountId: requesterAccountId || undefined, name, email },
    };
  }

  put(tx: Transaction, ticket: KnownTicket): void {
    tx.execute(
      `INSERT INTO ticket (id, desk_id, number, subject, language, organisation_id, requester_account_id, requester_name,
         requester_email, status, imported, traits, sequence, last_customer_sequence,
         last_agent_reply_sequence)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13, $14, $15)
       ON CONFLICT (id) DO UPDATE SET number = EXCLUDED.number, subject = EXCLUDED.subject, language = EXCLUDED.language,
         organisation_id = EXCLUDED.organisation_id, requester_account_id = EXCLUDED.requester_account_id,
         requester_name = EXCLUDED.requester_name, requester_email = EXCLUDED.requester_email, status = EXCLUDED.status,
         imported = EXCLUDED.imported, traits = EXCLUDED.traits, sequence = EXCLUDED.sequence,
         last_customer_sequence = EXCLUDED.last_customer_sequence,
         last_agent_reply_sequence = EXCLUDED.last_agent_reply_sequence
       WHERE ticket.sequence < EXCLUDED.sequence`,
      [
        ticket.id,
        ticket.deskId,
        ticket.number,
        ticket.subject,
        ticket.language,
        ticket.organisationId ?? '',
        ticket.requester.accountId ?? '',
        ticket.requester.name,
        ticket.requester.email,
        ticket.status,
        ticket.imported,
        JSON.stringify(ticket.traits),
        ticket.sequence,
        ticket.lastCustomerSequence,
        ticket.lastAgentReplySequence,
      ],
    );
  }
}
