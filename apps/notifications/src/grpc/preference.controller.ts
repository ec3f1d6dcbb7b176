import type { Metadata } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import {
  type ListMailAddressesRequest,
  type ListMailAddressesResponse,
  type PreferenceServiceController,
  PreferenceServiceControllerMethods,
  type SetMailAddressRequest,
  type SetMailAddressResponse,
} from '#contracts/generated/priolane/notifications/v1/preference.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { callerOf } from '#platform/auth/caller.js';
import { MailAddressRepository } from '../persistence/mail-address.repository.js';
import { PeopleRepository } from '../persistence/people.repository.js';
import { SetMailAddress } from '../use-cases/set-mail-address.js';

@Controller()
@PreferenceServiceControllerMethods()
export class PreferenceController implements PreferenceServiceController {
  constructor(
    private readonly sets: SetMailAddress,
    private readonly desks: DeskDirectory,
    private readonly addresses: MailAddressRepository,
    private readonly people: PeopleRepository,
  ) {}

  async setMailAddress(request: SetMailAddressRequest, metadata?: Metadata): Promise<SetMailAddressResponse> {
    const requestId = request.requestId;
    const { kind, email } = request;
    return { address: await this.sets.execute(callerOf(metadata), { requestId, kind, email: email.trim() }) };
  }

  /** One entry for each kind of the desk. */
  async listMailAddresses(_: ListMailAddressesRequest, metadata?: Metadata): Promise<ListMailAddressesResponse> {
    const caller = callerOf(metadata);
    const { document: desk } = await this.desks.current(caller.deskId);
    const chosen = new Map((await this.addresses.ofCaller(caller)).map(({ kind, email }) => [kind, email]));
    const registered = (await this.people.registeredAddress(caller.deskId, caller.accountId)) ?? caller.email;
    const addresses = desk.accounts.addressKinds.map(({ id: kind }) => {
      const email = chosen.get(kind);
      return { kind, email: email ?? registered, registered: email === undefined };
    });
    return { addresses };
  }
}
