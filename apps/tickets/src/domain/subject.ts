import type { DeskDocument } from '#kernel/desk/document.js';

/**
 * The subject in the desk's form, e.g. `<organisation> - [<subject>]`; one that is in that form already stays as it is
 * (FLT-5).
 */
export function formattedSubject(desk: DeskDocument, subject: string, organisation: string | undefined): string {
  const trimmed = subject.trim();
  const { template } = desk.tickets.subject;
  if (!organisation && template.includes('{{organisation}}')) return trimmed;
  const [before, after] = template.replace('{{organisation}}', () => organisation ?? '').split('{{subject}}');
  if (before === undefined || after === undefined) return trimmed;
  if (trimmed.startsWith(before) && trimmed.endsWith(after) && before + after !== '') return trimmed;
  return `${before}${trimmed}${after}`;
}
