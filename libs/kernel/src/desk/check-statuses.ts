import type { DeskDocument } from './document.js';
import type { Findings } from './faults.js';

/** Statuses, priorities, channels: can every state be reached, and can what is asked for be given? */
export function checkStatuses(desk: DeskDocument, findings: Findings): void {
  const kinds = desk.statuses.map((status) => status.kind);
  if (!kinds.includes('OPEN') && !kinds.includes('NEW'))
    findings.fault(['statuses'], 'none is of the kind OPEN or NEW');
  if (!kinds.includes('SOLVED')) findings.fault(['statuses'], 'none is of the kind SOLVED');
  const kindOf = new Map(desk.statuses.map((status) => [status.id, status.kind]));
  for (const [path, id] of [
    [['statusFlow', 'initial'], desk.statusFlow.initial],
    [['reopen', 'to'], desk.reopen.to],
  ] as const) {
    const kind = kindOf.get(id);
    if (kind !== 'NEW' && kind !== 'OPEN') findings.fault(path, `${id} is ${kind}, and must be NEW or OPEN`);
  }
  const reached = reachable(desk);
  desk.statuses.forEach((status, index) => {
    if (!reached.has(status.id)) findings.fault(['statuses', index], `no ticket can ever be ${status.id}`);
  });
  checkReopen(desk, findings);
  checkPriorities(desk, findings);
  checkChannels(desk, findings);
  unique(desk.lanes, 'lanes', findings);
  unique(desk.priorities, 'priorities', findings);
  unique(desk.packages, 'packages', findings);
}

function reachable(desk: DeskDocument): Set<string> {
  const { initial, moves, onClaim = [], onAgentReply = [], onCustomerReply = [] } = desk.statusFlow;
  const shifts = [...onClaim, ...onAgentReply, ...onCustomerReply];
  const next = (from: string): string[] => [
    ...(moves[from] ?? []),
    ...shifts.filter((shift) => shift.from.includes(from)).map((shift) => shift.to),
    ...desk.lifecycle
      .filter((rule) => rule.whileIn.includes(from))
      .flatMap((rule) => rule.steps.flatMap((step) => (step.moveTo === undefined ? [] : [step.moveTo]))),
    ...(desk.tickets.parking ? [desk.tickets.parking.status] : []),
  ];
  const reached = new Set([initial, desk.reopen.to]);
  // A set hands out what is added while it is walked, each status once.
  for (const status of reached) next(status).forEach((id) => reached.add(id));
  return reached;
}

function checkReopen({ reopen }: DeskDocument, findings: Findings): void {
  const ends = reopen.within !== undefined || !reopen.byCustomerReply;
  if (ends && reopen.refusal === undefined) {
    findings.fault(['reopen', 'refusal'], 'is missing: some replies will not reopen, and must be told why');
  }
}

function checkPriorities(desk: DeskDocument, findings: Findings): void {
  desk.ticketTypes.forEach((type, index) => {
    if (type.priority !== 'none' && desk.priorities.length === 0) {
      findings.fault(['ticketTypes', index, 'priority'], `is ${type.priority}, and the desk has no priorities`);
    }
  });
  const offered = new Set(desk.channels.filter((channel) => channel.offered).map((channel) => channel.id));
  desk.priorities.forEach((priority, index) => {
    const channels = priority.channels ?? [...offered];
    if (!channels.some((channel) => offered.has(channel))) {
      findings.fault(['priorities', index, 'channels'], 'none of them is offered');
    }
  });
}

function checkChannels(desk: DeskDocument, findings: Findings): void {
  if (!desk.channels.some((channel) => channel.offered)) findings.fault(['channels'], 'none is offered');
  desk.channels.forEach((channel, index) => {
    if (!channel.offered && channel.refusal === undefined) {
      findings.fault(['channels', index, 'refusal'], 'is missing: the channel is not offered');
    }
  });
}

function unique(
  list: readonly { readonly id: string; readonly rank: number }[],
  part: string,
  findings: Findings,
): void {
  const ranks = new Map<number, string>();
  list.forEach((item, index) => {
    const other = ranks.get(item.rank);
    if (other !== undefined) findings.fault([part, index, 'rank'], `${item.id} and ${other} have the same rank`);
    ranks.set(item.rank, item.id);
  });
}
