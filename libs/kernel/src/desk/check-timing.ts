import type { DeskDocument } from './document.js';
import { parseDuration } from './duration.js';
import type { DocumentPath, Findings } from './faults.js';
import type { CalendarSpec, CutOffTarget, PolicyLine, Window, WithinTarget } from './timing.js';

export function checkTiming(desk: DeskDocument, findings: Findings): void {
  for (const [id, calendar] of Object.entries(desk.calendars)) checkCalendar(['calendars', id], calendar, findings);
  desk.sla.policies.forEach((line, index) => checkTargets(['sla', 'policies', index, 'targets'], line, findings));
  desk.lifecycle.forEach((rule, index) =>
    rule.steps.forEach((step, at) => {
      const path = ['lifecycle', index, 'steps', at];
      if (step.moveTo === undefined && step.notify === undefined)
        findings.fault(path, 'does nothing: no moveTo, no notify');
      if (step.moveTo !== undefined && at < rule.steps.length - 1 && !rule.whileIn.includes(step.moveTo)) {
        findings.fault([...path, 'moveTo'], `${step.moveTo} is not in whileIn, so the steps after it never come`);
      }
    }),
  );
}

/** Exceptions are dates, and dates run out: only the weekly windows keep a calendar open for ever. */
function checkCalendar(path: DocumentPath, calendar: CalendarSpec, findings: Findings): void {
  const weekly = Object.entries(calendar.weekly);
  if (!weekly.some(([, windows]) => windows.length > 0)) findings.fault([...path, 'weekly'], 'has no open time');
  const lists: [DocumentPath, readonly Window[]][] = [
    ...weekly.map(([day, windows]): [DocumentPath, readonly Window[]] => [[...path, 'weekly', day], windows]),
    ...Object.entries(calendar.exceptions ?? {}).map(([date, windows]): [DocumentPath, readonly Window[]] => [
      [...path, 'exceptions', date],
      windows,
    ]),
    [[...path, 'holidays', 'windows'], calendar.holidays?.windows ?? []],
  ];
  for (const [at, windows] of lists) {
    windows.forEach(([open], index) => {
      if (open === '24:00') findings.fault([...at, index, 0], 'opens at 24:00, which is 00:00 of the next date');
    });
  }
  const { add = [], remove = [] } = calendar.holidays ?? {};
  for (const date of add.filter((day) => remove.includes(day))) {
    findings.fault([...path, 'holidays', 'remove'], `${date} is added and removed`);
  }
}

function checkTargets(path: DocumentPath, { targets }: PolicyLine, findings: Findings): void {
  const { cutOff, ...timed } = targets;
  for (const [kind, target] of Object.entries(timed))
    if (target !== 'NONE') checkWarnings([...path, kind], target, findings);
  if (cutOff !== undefined && cutOff !== 'NONE') checkCutOff([...path, 'cutOff'], cutOff, findings);
}

function checkWarnings(path: DocumentPath, target: WithinTarget, findings: Findings): void {
  const within = parseDuration(target.within);
  for (const list of ['warnBefore', 'warnAfter'] as const) {
    target[list]?.forEach((duration, index) => {
      if (parseDuration(duration) >= within) {
        findings.fault([...path, list, index], `${duration} is not shorter than the target, ${target.within}`);
      }
    });
  }
}

function checkCutOff(path: DocumentPath, target: CutOffTarget, findings: Findings): void {
  if (target.dueAt <= target.at) {
    findings.fault(
      [...path, 'dueAt'],
      `${target.dueAt} is not after ${target.at}: what is sent just before would be late`,
    );
  }
}
