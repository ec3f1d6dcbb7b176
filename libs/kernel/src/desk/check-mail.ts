import type { DeskDocument } from './document.js';
import type { Findings } from './faults.js';
import { formFor } from './lookups.js';
import { TEMPLATE_VARIABLES } from './messages.js';

export function checkMail(desk: DeskDocument, findings: Findings): void {
  const { opens, replies, unknownSender, refused, type, unknownType } = desk.email;
  if (opens === 'registered' && unknownSender === undefined) {
    findings.fault(['email', 'unknownSender'], 'is missing: mail from unknown addresses must be answered');
  }
  if ((opens === 'nobody' || replies === 'refused') && refused === undefined) {
    findings.fault(['email', 'refused'], 'is missing: mail that is not taken must be answered');
  }
  if (opens !== 'nobody' && type === undefined) findings.fault(['email', 'type'], 'is missing: mail opens tickets');
  const channel = desk.channels.find((entry) => entry.id === 'email');
  if ((channel?.offered ?? false) !== (opens !== 'nobody')) {
    findings.fault(
      ['email', 'opens'],
      `is ${opens}, and the channel email is ${channel?.offered ? '' : 'not '}offered`,
    );
  }
  const chat = desk.channels.find((entry) => entry.id === 'chat');
  if ((chat?.offered ?? false) !== (desk.chat !== undefined)) {
    findings.fault(['chat'], `must be there if and only if the channel chat is offered`);
  }
  if (opens === 'anyone' && unknownType === undefined)
    findings.fault(['email', 'unknownType'], 'is missing: anybody writes');
  const sensitive = desk.ticketTypes.find((entry) => entry.id === unknownType)?.identity === 'verified';
  if (sensitive) findings.fault(['email', 'unknownType'], `${unknownType} is only for those who are verified`);
  if (opens === 'anyone' && desk.verification === undefined) {
    findings.fault(['verification'], 'is missing: mail from unknown addresses opens tickets');
  }
  // Nobody is there to correct a mail that says too little: it becomes a ticket, and what is missing is asked for.
  const types = opens === 'nobody' ? [] : [type, opens === 'anyone' ? unknownType : undefined];
  for (const id of types.filter((entry) => entry !== undefined)) {
    const form = formFor(desk, { type: id, channel: 'email' });
    if (form.missing !== 'ask') {
      findings.fault(
        ['forms', desk.forms.indexOf(form), 'missing'],
        `must be ask: mail of the type ${id} gets this form`,
      );
    }
  }
  checkRules(desk, findings);
}

function checkRules(desk: DeskDocument, findings: Findings): void {
  const seen = new Map<string, string>();
  desk.accounts.addressKinds.forEach((kind, index) => {
    for (const category of kind.categories) {
      const other = seen.get(category);
      if (other !== undefined) {
        findings.fault(['accounts', 'addressKinds', index, 'categories'], `${category} is in ${other} already`);
      }
      seen.set(category, kind.id);
    }
  });
  desk.notifications.rules.forEach((rule, index) => {
    if (rule.product !== undefined && !rule.on.startsWith('purchase.')) {
      findings.fault(['notifications', 'rules', index, 'product'], `${rule.on} is not about a purchase`);
    }
  });
  checkTemplates(desk, findings);
}

function checkTemplates(desk: DeskDocument, findings: Findings): void {
  const used = templatesUsed(desk);
  const products = Object.keys(desk.products).map((id) => `links.${id}`);
  const known = new Set<string>([...TEMPLATE_VARIABLES, ...products]);
  for (const [id, template] of Object.entries(desk.notifications.templates)) {
    const path = ['notifications', 'templates', id];
    if (!used.has(id)) findings.warn(path, 'is never sent');
    for (const part of ['subject', 'body'] as const) {
      for (const [language, text] of Object.entries(template[part])) {
        for (const [, name = ''] of text.matchAll(/\{\{+\s*([\w.]+)\s*\}\}+/g)) {
          if (!known.has(name)) findings.fault([...path, part, language], `{{${name}}} is not known`);
        }
      }
    }
  }
}

function templatesUsed(desk: DeskDocument): Set<string | undefined> {
  return new Set([
    ...desk.notifications.rules.map((rule) => rule.template),
    ...desk.lifecycle.flatMap((rule) => rule.steps.map((step) => step.notify)),
    ...desk.forms.map((form) => form.askTemplate),
    desk.email.unknownSender?.template,
    desk.email.refused?.template,
    ...(desk.email.priorityRequests ?? []).map((request) => request.answer.template),
    desk.accounts.invitations.introduction,
    desk.accounts.signIn.reset.template,
  ]);
}
