import type { PackageSpec, ProductSpec } from './commerce.js';
import type { FormSpec } from './forms.js';
import type {
  ChatSection,
  EmailPolicy,
  FollowSection,
  KnowledgeSection,
  NoticesSection,
  NotificationsSection,
  RatingsSection,
  ResponseTimesSection,
} from './messages.js';
import type { AccountsSection } from './people.js';
import type {
  Assessment,
  Channel,
  FairUsePolicy,
  Lane,
  Priority,
  PriorityPolicy,
  QueuePolicy,
  RefusalRule,
  ReopenPolicy,
  Status,
  StatusFlow,
  TicketRules,
  TicketType,
  VerificationPolicy,
} from './ticketing.js';
import type { CalendarSpec, LifecycleRule, SlaSection } from './timing.js';
import type { Labelled } from './vocabulary.js';

/**
 * A desk: everything in which one company's support differs from another's. No service asks for a desk's name; it asks
 * this document. Ids are lower_snake, reasons UPPER_SNAKE, and every reference is checked when a file is applied, so
 * that readers need not.
 */
export interface DeskDocument {
  /** The version of this vocabulary. */
  readonly format: 1;
  readonly id: string;
  readonly name: string;
  /** IANA name: wall times without a calendar are in it. */
  readonly timeZone: string;
  /** BCP 47, the default first. */
  readonly languages: readonly string[];
  readonly contact: { readonly web: string; readonly phone?: string; readonly email?: string };

  readonly calendars: Readonly<Record<string, CalendarSpec>>;
  readonly sla: SlaSection;
  readonly lifecycle: readonly LifecycleRule[];

  readonly statuses: readonly Status[];
  readonly statusFlow: StatusFlow;
  readonly reopen: ReopenPolicy;
  readonly ticketTypes: readonly TicketType[];
  readonly departments: readonly Labelled[];
  /** Empty where the desk knows no priorities. */
  readonly priorities: readonly Priority[];
  readonly priorityPolicy: PriorityPolicy;
  readonly channels: readonly Channel[];
  readonly refusals: readonly RefusalRule[];
  readonly lanes: readonly Lane[];
  readonly queue: QueuePolicy;
  readonly tickets: TicketRules;
  readonly forms: readonly FormSpec[];
  readonly assessment?: Assessment;
  readonly verification?: VerificationPolicy;
  readonly fairUse?: FairUsePolicy;

  readonly packages: readonly PackageSpec[];
  readonly products: Readonly<Record<string, ProductSpec>>;
  readonly accounts: AccountsSection;

  readonly email: EmailPolicy;
  readonly notifications: NotificationsSection;
  readonly notices: NoticesSection;
  readonly knowledge: KnowledgeSection;
  readonly follows: FollowSection;
  readonly ratings?: RatingsSection;
  readonly chat?: ChatSection;
  readonly responseTimes: ResponseTimesSection;
}
