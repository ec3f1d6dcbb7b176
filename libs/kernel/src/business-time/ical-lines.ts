import ICAL from 'ical.js';
import type { Violation } from '../errors.js';

/**
 * Parses an iCalendar text into its VCALENDARs. The parser stops at its first fault; lines that are no properties are
 * found beforehand, so that all of them are named.
 */
export function readLines(text: string, faults: Violation[]): ICAL.Component[] {
  const before = faults.length;
  text.split(/\r?\n/).forEach((line, index) => {
    // A line that starts with white space continues the one before.
    if (line.trim() !== '' && !/^[ \t]/.test(line) && !/^[A-Za-z0-9-]+[;:]/.test(line)) {
      faults.push({ field: `line ${index + 1}`, description: 'is not a property of the form NAME:value' });
    }
  });
  if (faults.length > before) return [];
  try {
    const parsed = ICAL.parse(text) as unknown[];
    const roots = (typeof parsed[0] === 'string' ? [parsed] : parsed) as unknown[][];
    const calendars = roots.filter((root) => root[0] === 'vcalendar');
    if (calendars.length === 0) faults.push({ field: 'file', description: 'holds no VCALENDAR' });
    return calendars.map((root) => new ICAL.Component(root));
  } catch (error) {
    faults.push({ field: 'file', description: error instanceof Error ? error.message : String(error) });
    return [];
  }
}
