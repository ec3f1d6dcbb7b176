import type { DeskDocument } from '#kernel/desk/document.js';

/**
 * The subject in the desk's form, e.g. `{organisation} - [{subject}]`; one that is in that form already stays as it is
 * (FLT-5).
 */
export function formattedSubject(desk: DeskDocument, subject: string, organisation: string | undefined): string {
  const trimmed = subject.trim();
  const { template } = desk.tickets.subject;
  if (!organisation && template.includes('{organisation}')) return trimmed;
  const parts = template.split('{subject}').map((part) => part.replace('{organisation}', () => organisation ?? ''));
  if (parts.length !== 2) return trimmed;
  const [before, after] = parts as [string, string];
  const inForm = before + after !== '' && trimmed.length >= before.length + after.length;
  return inForm && trimmed.startsWith(before) && trimmed.endsWith(after) ? trimmed : `${before}${trimmed}${after}`;
}
