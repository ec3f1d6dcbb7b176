import type { DeskDocument } from '#kernel/desk/document.js';
import { textIn } from '#kernel/desk/lookups.js';
import type { Happening, Person, Variables } from './happening.js';

/** The desk's introduction with the link to choose a password (PKG-4). */
export function invited(desk: DeskDocument, to: Person, link: string): Happening {
  const { introduction } = desk.accounts.invitations;
  return {
    kinds: ['account.invited'],
    accounts: [to],
    ownMails: [{ ruleId: 'invitation', template: introduction, category: 'account', to }],
    // The event does not say who invited: the desk did.
    variables: () => ({ 'links.invitation': link, 'inviter.name': desk.name }),
  };
}

/** PKG-6, told to those who manage the organisation's contract. */
export function packageChanged(packageId: string, managers: readonly Person[]): Happening {
  return {
    kinds: ['account.package_changed'],
    accounts: managers,
    variables: (desk, language) => packageVariables(desk, language, packageId),
  };
}

function packageVariables(desk: DeskDocument, language: string, packageId: string): Variables {
  const found = desk.packages.find((entry) => entry.id === packageId);
  if (!found) return { 'package.label': packageId };
  return {
    'package.label': textIn(desk, found.label, language),
    'package.seats': found.seats === null ? '∞' : String(found.seats),
  };
}
