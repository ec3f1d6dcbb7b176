export interface Rule {
  readonly id: string;
  readonly title: string;
}

export type RuleId = `${'FLT' | 'OFC' | 'SHP' | 'HST' | 'PKG'}-${number}`;

const TITLES: Readonly<Record<RuleId, string>> = {
  'FLT-1': 'every clock runs at every hour',
  'FLT-2': 'urgent matters come by phone, and an agent opens the ticket',
  'FLT-3': 'system notices are public, can be listed and followed',
  'FLT-4': 'one ticket per issue: an agent splits and merges',
  'FLT-5': 'the title is <organisation> - [<subject>]',
  'FLT-6': 'the form’s fields are optional but typed',
  'FLT-7': 'screenshots and example files can be attached',
  'FLT-8': 'every ticket has a unique number, which is confirmed and can be quoted',
  'FLT-9': '“My open tickets” are the caller’s own unsolved ones',
  'FLT-10': 'statuses Open, Pending, On hold and Solved',
  'FLT-11': 'pending for 72 h after our last reply is solved by itself',
  'FLT-12': 'a customer reply after Solved reopens',
  'OFC-1': 'active notices, then known solutions, come before a ticket',
  'OFC-2': 'tickets are assessed by defined criteria, and the score is explained',
  'OFC-3': 'reaction within 8 h of support hours',
  'OFC-4': 'tickets by e-mail from the registered address; other mail is quarantined',
  'OFC-5': 'what is required and missing is asked for, and the clock runs',
  'OFC-6': 'what is wanted: occurrences, device, version, network, error text, files',
  'OFC-7': 'the receipt has the number and signed links',
  'OFC-8': 'the call-back is authorised first and charged only if it was not our fault',
  'OFC-9': 'the customer is told when an agent starts',
  'OFC-10': 'the conversation goes on on the ticket, with files',
  'OFC-11': 'no resolution time is promised, and interfaces say so',
  'OFC-12': 'a resolution is told exactly once',
  'OFC-13': 'the customer is kept up to date while it is not resolved',
  'SHP-1': 'a question gets answers at once, or becomes the ticket',
  'SHP-2': 'the form asks for the area; guests may use it, without files',
  'SHP-3': 'a small fee goes ahead of all, once it is paid',
  'SHP-4': 'nobody can choose a priority for free',
  'SHP-5': 'two calendars: buying priority moves a ticket to the other',
  'SHP-6': 'sent before 16:00 is due that day, and the share kept is reported',
  'SHP-7': 'fair use: an abuser’s tickets stand behind all others',
  'SHP-8': 'no support by e-mail: replies are told the right way',
  'SHP-9': 'one question per ticket: several are parked and split',
  'SHP-10': 'anybody can ask for the current response time',
  'SHP-11': 'a ticket is tied to the account and its earlier tickets',
  'SHP-12': 'no phone, no forums, no social media',
  'HST-1': 'departments Technical and Financial, priorities Normal and High',
  'HST-2': 'High names all that is missing in one answer',
  'HST-3': 'first response in ten minutes at any hour, High first',
  'HST-4': 'emergencies come by the signed-in form only',
  'HST-5': 'live chat at any hour, which an operator turns into a ticket',
  'HST-6': 'e-mail is the alternative: warned at 15 minutes, due at 30',
  'HST-7': 'an unverified ticket is bound to no account and discloses nothing',
  'HST-8': 'maintenance, changes and outages are announced to those affected',
  'HST-9': 'an address per kind of mail; the registered one where none is set',
  'HST-10': 'a summary of the channels can be asked for',
  'PKG-1': 'support hours are Mon–Fri 09:00–18:00',
  'PKG-2': 'four packages with their seats and their response times',
  'PKG-3': 'only a person with a service account opens tickets',
  'PKG-4': 'the main contact is invited first, the others up to the seats',
  'PKG-5': 'one account, one person: shared mailboxes are refused',
  'PKG-6': 'the account manager changes the package, and it counts at once',
  'PKG-7': 'sign in, change and reset the password',
  'PKG-8': 'a service request has no priority, a problem needs one',
  'PKG-9': 'four priorities, which agents correct, told and audited',
  'PKG-10': 'the form asks for the evidence of the kind of problem',
  'PKG-11': 'CCs have an account, can read and reply',
  'PKG-12': 'subject, description, affected module, attachments',
  'PKG-13': 'one ticket per question: an agent splits',
  'PKG-14': 'my requests, those I am CC’d on, my organisation’s',
  'PKG-15': 'statuses Open, Awaiting your reply and Solved',
  'PKG-16': 'a reply within 14 days reopens; later a follow-up is the way',
  'PKG-17': 'silence closes service requests after 30 days, problems after 30 + 5',
  'PKG-18': 'following the organisation tells of colleagues’ tickets',
  'PKG-19': 'an e-mail tells of each reply of ours',
  'PKG-20': '“Was this helpful?” on articles and solved tickets',
};

/** Every rule of the five desks, in order. */
export const RULES: readonly Rule[] = Object.entries(TITLES).map(([id, title]) => ({ id, title }));

/** The desk a rule is about. */
export const DESK_OF_RULES: Readonly<Record<string, string>> = {
  FLT: 'fleet',
  OFC: 'officehours',
  SHP: 'webshop',
  HST: 'hosting',
  PKG: 'packages',
};

export function deskOf(ruleId: string): string {
  const desk = DESK_OF_RULES[ruleId.split('-', 1)[0]!];
  if (!desk) throw new RangeError(`${ruleId} is no rule of a desk`);
  return desk;
}
