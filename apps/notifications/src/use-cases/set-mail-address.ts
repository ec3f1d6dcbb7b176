import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Caller } from '#kernel/caller.js';
import { invalid, type Violation } from '#kernel/errors.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { Transactions } from '#platform/database/transactions.js';
import { MailAddressRepository } from '../persistence/mail-address.repository.js';
import { PeopleRepository } from '../persistence/people.repository.js';

export interface SetMailAddressCommand {
  readonly requestId: string;
  readonly kind: string;
  /** Empty: back to the registered address. */
  readonly email: string;
}

export interface MailAddress {
  readonly kind: string;
  readonly email: string;
  /** None is set: this is the registered one. */
  readonly registered: boolean;
}

const MAX_EMAIL = 254;
const address = z.email().max(MAX_EMAIL);

/** Where a customer wants which kind of mail (HST-9). */
@Injectable()
export class SetMailAddress {
  constructor(
    private readonly transactions: Transactions,
    private readonly desks: DeskDirectory,
    private readonly addresses: MailAddressRepository,
    private readonly people: PeopleRepository,
  ) {}

  async execute(caller: Caller, command: SetMailAddressCommand): Promise<MailAddress> {
    const { requestId, kind, email } = command;
    const { document: desk } = await this.desks.current(caller.deskId);
    const faults: Violation[] = [];
    if (!desk.accounts.addressKinds.some((known) => known.id === kind)) {
      const known = desk.accounts.addressKinds.map(({ id }) => id).join(', ') || 'none';
      faults.push({ field: 'kind', description: `${kind || 'nothing'} is not one of ${known}` });
    }
    if (email !== '' && !address.safeParse(email).success) {
      faults.push({ field: 'email', description: 'is not an e-mail address' });
    }
    if (faults.length > 0) throw invalid(faults);
    const registered = (await this.people.registeredAddress(caller.deskId, caller.accountId)) ?? caller.email;
    const key = { caller, operation: 'set-mail-address', requestId, command: { kind, email } };
    return this.transactions.once(key, async (tx) => {
      if (email === '') this.addresses.unset(tx, caller, kind);
      else this.addresses.set(tx, caller, kind, email);
      return { kind, email: email || registered, registered: email === '' };
    });
  }
}
