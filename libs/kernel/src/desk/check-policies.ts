import type { DeskDocument } from './document.js';
import type { Findings } from './faults.js';
import { policyIndexFor, type TicketTraits } from './lookups.js';

const DIMENSIONS = ['packages', 'types', 'departments', 'priorities', 'channels', 'lanes'] as const;
/** More kinds of ticket than this are not gone through; five desks need a few hundred. */
const MAX_KINDS = 50_000;

/**
 * Goes through every kind of ticket that can exist and notes which policy line it gets: warns of lines that no ticket
 * gets, and of kinds that get none. Values that no line mentions behave alike, so one of them stands for all.
 */
export function checkPolicies(desk: DeskDocument, findings: Findings): void {
  const kinds = ticketKinds(desk);
  if (kinds === undefined) {
    findings.warn(
      ['sla', 'policies'],
      `more than ${MAX_KINDS} kinds of ticket: lines that never apply are not looked for`,
    );
    return;
  }
  const used = new Set<number>();
  const without = new Set<string>();
  for (const traits of kinds) {
    const index = policyIndexFor(desk, traits);
    if (index === -1) without.add(describe(traits));
    else used.add(index);
  }
  desk.sla.policies.forEach((line, index) => {
    if (!used.has(index))
      findings.warn(['sla', 'policies', index], `${line.id} never applies: earlier lines take its tickets`);
  });
  for (const kind of without) findings.warn(['sla', 'policies'], `no line holds for ${kind}`);
}

function ticketKinds(desk: DeskDocument): TicketTraits[] | undefined {
  const mentioned = Object.fromEntries(
    DIMENSIONS.map((name) => [name, new Set<string>(desk.sla.policies.flatMap((line) => line.match?.[name] ?? []))]),
  );
  const values = <T extends string>(name: (typeof DIMENSIONS)[number], all: readonly T[]): T[] => {
    const named = all.filter((id) => mentioned[name]?.has(id));
    const other = all.find((id) => !mentioned[name]?.has(id));
    return other === undefined ? named : [...named, other];
  };
  const packages = values(
    'packages',
    desk.packages.map((entry) => entry.id),
  );
  const departments = values(
    'departments',
    desk.departments.map((entry) => entry.id),
  );
  const channels = values(
    'channels',
    desk.channels.flatMap((entry) => (entry.offered ? [entry.id] : [])),
  );
  const lanes = values(
    'lanes',
    desk.lanes.map((entry) => entry.id),
  );
  const departmentsOrNone = departments.length === 0 ? [undefined] : departments;
  const count =
    packages.length *
    desk.ticketTypes.length *
    (desk.priorities.length + 1) *
    departmentsOrNone.length *
    channels.length *
    lanes.length;
  if (count > MAX_KINDS) return undefined;

  return packages.flatMap((packageId) =>
    desk.ticketTypes.flatMap((type) =>
      departmentsOrNone.flatMap((department) =>
        channels.flatMap((channel) =>
          lanes.flatMap((lane) =>
            prioritiesOf(desk, type.priority).map((priority) => ({
              package: packageId,
              type: type.id,
              department,
              priority,
              channel,
              lane,
            })),
          ),
        ),
      ),
    ),
  );
}

/** Every priority, whatever channels may raise it: agents correct priorities after a ticket was opened. */
function prioritiesOf(desk: DeskDocument, rule: 'required' | 'optional' | 'none'): (string | undefined)[] {
  if (rule === 'none') return [undefined];
  const given = desk.priorities.map((entry) => entry.id);
  const withoutOne = rule === 'optional' && desk.priorityPolicy.default === undefined;
  return withoutOne ? [...given, undefined] : given;
}

function describe(traits: TicketTraits): string {
  return Object.entries(traits)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`]))
    .join(', ');
}
