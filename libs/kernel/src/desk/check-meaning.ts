import { checkCommerce } from './check-commerce.js';
import { checkForms } from './check-forms.js';
import { checkMail } from './check-mail.js';
import { checkPolicies } from './check-policies.js';
import { checkStatuses } from './check-statuses.js';
import { checkTiming } from './check-timing.js';
import type { DeskDocument } from './document.js';
import { Findings } from './faults.js';

/** What a schema cannot see: how the parts of a well-formed document fit together. */
export function checkMeaning(desk: DeskDocument): Findings {
  const findings = new Findings();
  checkStatuses(desk, findings);
  checkTiming(desk, findings);
  checkPolicies(desk, findings);
  checkForms(desk, findings);
  checkCommerce(desk, findings);
  checkMail(desk, findings);
  return findings;
}
