import type { DeskDocument } from '#kernel/desk/document.js';
import { matches, type TicketTraits } from '#kernel/desk/lookups.js';
import type { TicketType } from '#kernel/desk/ticketing.js';
import { TARGET_KINDS, type PolicyLine } from '#kernel/desk/timing.js';
import type { Match } from '#kernel/desk/vocabulary.js';
import { TARGETS, type Target } from './clock.js';
import { TARGET_OF_KIND } from './policy-timeline.js';

/** What the check reads of a desk. */
export type PolicyDesk = Pick<
  DeskDocument,
  'sla' | 'packages' | 'ticketTypes' | 'departments' | 'priorities' | 'priorityPolicy' | 'channels' | 'lanes'
>;

/** A kind of ticket that is not fully spoken for. Dimensions that no line looks at are left out. */
export interface UncoveredCombination {
  readonly traits: TicketTraits;
  /** All of them where no line matches; otherwise those that other lines state and this one does not, not even as `NONE`. */
  readonly targets: readonly Target[];
}

export interface PolicyFindings {
  /** Ids of lines that earlier lines always hide. */
  readonly unreachableLines: readonly string[];
  readonly uncovered: readonly UncoveredCombination[];
}

/** Goes through every kind of ticket the lines can tell apart. */
export function checkPolicies(desk: PolicyDesk): PolicyFindings {
  const { policies } = desk.sla;
  const stated = TARGET_KINDS.filter((kind) => policies.some(({ targets }) => targets[kind] !== undefined));
  const reached = new Set<PolicyLine>();
  const uncovered: UncoveredCombination[] = [];
  for (const traits of kindsOfTicket(desk)) {
    const line = policies.find(({ match }) => matches(match, traits));
    if (line !== undefined) reached.add(line);
    const missing =
      line === undefined
        ? TARGETS
        : stated.flatMap((kind) => (line.targets[kind] === undefined ? [TARGET_OF_KIND[kind]] : []));
    if (missing.length > 0) uncovered.push({ traits, targets: missing });
  }
  const unreachableLines = policies.flatMap((line) => (reached.has(line) ? [] : [line.id]));
  return { unreachableLines, uncovered };
}

/** Every ticket that can exist, as far as the lines look at it; a value that is absent in a dimension is left out. */
function kindsOfTicket(desk: PolicyDesk): TicketTraits[] {
  const { policies } = desk.sla;
  const looksAt = (dimension: keyof Match): boolean => policies.some(({ match }) => match?.[dimension] !== undefined);
  const kinds = desk.ticketTypes.flatMap((type) => {
    const own = looksAt('types') ? { type: type.id } : {};
    return looksAt('priorities') ? prioritiesOf(desk, type).map((priority) => ({ ...own, ...priority })) : [own];
  });
  const dimensions = [
    { name: 'package', values: looksAt('packages') ? desk.packages : [] },
    { name: 'department', values: looksAt('departments') ? desk.departments : [] },
    { name: 'channel', values: looksAt('channels') ? desk.channels.filter((channel) => channel.offered) : [] },
    { name: 'lane', values: looksAt('lanes') ? desk.lanes : [] },
  ];
  const all = dimensions.reduce<TicketTraits[]>(
    (traits, { name, values }) =>
      values.length === 0 ? traits : traits.flatMap((kind) => values.map(({ id }) => ({ ...kind, [name]: id }))),
    kinds,
  );
  return [...new Map(all.map((traits) => [JSON.stringify(traits), traits])).values()];
}

/** A priority that a channel does not take may still come by correction, so all of them count everywhere. */
function prioritiesOf(desk: PolicyDesk, type: TicketType): TicketTraits[] {
  if (type.priority === 'none') return [{}];
  const given = desk.priorities.map(({ id }) => ({ priority: id }));
  const mayHaveNone = type.priority === 'optional' && desk.priorityPolicy.default === undefined;
  return mayHaveNone || given.length === 0 ? [...given, {}] : given;
}
