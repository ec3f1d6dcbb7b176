import type { DeskDocument } from '#kernel/desk/document.js';
import { DomainError } from '#kernel/errors.js';
import { refusal } from './refusals.js';

/** An account as its events say. */
export interface KnownAccount {
  readonly organisationId: string | null;
  readonly active: boolean;
}

export interface SeatHolder {
  readonly organisationId?: string;
  /** What is known of the account; nothing yet where its event is still on its way, or where there is none. */
  readonly account?: KnownAccount;
  /** Signed in by themselves: a token that is valid speaks for an account that is not known yet. */
  readonly signedIn: boolean;
}

/** Where the desk wants a seat, only a person who has one opens tickets, or has them opened (PKG-3). */
export function refuseWithoutSeat(desk: DeskDocument, holder: SeatHolder, text: string, language?: string): void {
  if (desk.accounts.ticketsBy !== 'seat') return;
  const { account, organisationId, signedIn } = holder;
  const seated = account ? account.active && account.organisationId === (organisationId ?? null) : signedIn;
  if (seated) return;
  if (desk.accounts.ticketsRefusal) throw refusal(desk, desk.accounts.ticketsRefusal, text, language);
  throw new DomainError('STATE', 'SERVICE_ACCOUNT_REQUIRED', 'tickets are opened by those who have a seat', {
    metadata: { body: text },
  });
}
