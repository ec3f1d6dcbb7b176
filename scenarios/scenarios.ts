import { fleetLifecycle } from './fleet/lifecycle.js';
import { fleetOpening } from './fleet/opening.js';
import { hosting } from './hosting.js';
import { officehoursCallBack } from './officehours/call-back.js';
import { officehoursDeadlines } from './officehours/deadlines.js';
import { officehoursMails } from './officehours/mails.js';
import { packagesDeadlines } from './packages/deadlines.js';
import { packagesFollowUp } from './packages/follow-up.js';
import { packagesSeats } from './packages/seats.js';
import { packagesSilence } from './packages/silence.js';
import { packagesTickets } from './packages/tickets.js';
import type { Scenario } from './runner/scenario.js';
import { webshopFee } from './webshop/fee.js';
import { webshopQuestions } from './webshop/questions.js';
import { webshopResponseTimes } from './webshop/response-times.js';

/** Every scenario there is. */
export const SCENARIOS: readonly Scenario[] = [
  ...fleetOpening,
  ...fleetLifecycle,
  ...officehoursDeadlines,
  ...officehoursMails,
  ...officehoursCallBack,
  ...webshopQuestions,
  ...webshopFee,
  ...webshopResponseTimes,
  ...hosting,
  ...packagesDeadlines,
  ...packagesSeats,
  ...packagesTickets,
  ...packagesFollowUp,
  ...packagesSilence,
];
