import { isIP } from 'node:net';
import { TimeZone } from '#kernel/business-time/time-zone.js';
import { DAY_SECONDS, openingInstant, parseDate } from '#kernel/business-time/wall-time.js';
import type { DeskDocument } from '#kernel/desk/document.js';
import type { FieldSpec } from '#kernel/desk/forms.js';
import { textIn } from '#kernel/desk/lookups.js';

const DATE_TIME = /^(\d{4}-\d{2}-\d{2})[Tt ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?([Zz]|[+-][01]\d:[0-5]\d)?$/;

/** The answer as it is kept: a wall time becomes the instant it names in the field's zone, or in the desk's (HST-2). */
export function normalised(field: FieldSpec, value: string, desk: DeskDocument): string {
  const trimmed = value.trim();
  if (field.type === 'datetime') return instantOf(trimmed, field.timeZone ?? desk.timeZone) ?? trimmed;
  if (field.normalise === 'upper') return trimmed.toUpperCase();
  return field.normalise === 'lower' ? trimmed.toLowerCase() : trimmed;
}

/** What is wrong with one value, in words; nothing when it is right. */
export function faultOf(field: FieldSpec, value: string, desk: DeskDocument, language?: string): string | undefined {
  if (field.minLength !== undefined && value.length < field.minLength) return `${field.minLength} characters at least`;
  if (field.maxLength !== undefined && value.length > field.maxLength) return `${field.maxLength} characters at most`;
  if (field.pattern !== undefined && !new RegExp(`^(?:${field.pattern})$`, 'u').test(value)) {
    return field.patternMessage ? textIn(desk, field.patternMessage, language) : 'has another form';
  }
  switch (field.type) {
    case 'integer':
      return integerFault(field, value);
    case 'boolean':
      return value === 'true' || value === 'false' ? undefined : 'true or false';
    case 'choice': {
      const options = (field.options ?? []).map((option) => option.id);
      return options.includes(value) ? undefined : `one of ${options.join(', ')}`;
    }
    case 'date':
      return parseDate(value) === undefined ? 'a date YYYY-MM-DD' : undefined;
    case 'datetime':
      return isDateTime(value) ? undefined : 'a date and time (RFC 3339)';
    case 'email':
    case 'account_email':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? undefined : 'an e-mail address';
    case 'phone':
      return /^\+?[\d\s()/.-]{5,30}$/.test(value) ? undefined : 'a phone number';
    case 'url':
      // Agents click on it: no `javascript:`.
      return /^https?:\/\//i.test(value) && URL.canParse(value) ? undefined : 'a link';
    case 'ip':
      return isIP(value) === 0 ? 'an IPv4 or IPv6 address' : undefined;
    default:
      return undefined;
  }
}

function integerFault(field: FieldSpec, value: string): string | undefined {
  if (!/^-?\d{1,15}$/.test(value)) return 'a whole number';
  if (field.min !== undefined && Number(value) < field.min) return `${field.min} at least`;
  return field.max !== undefined && Number(value) > field.max ? `${field.max} at most` : undefined;
}

/** By its parts: `Date.parse` takes 30 February, and "x 1", for dates. */
function isDateTime(value: string): boolean {
  const match = DATE_TIME.exec(value);
  return match !== null && parseDate(match[1]!) !== undefined;
}

/** The instant of a wall time without an offset; nothing for all other texts. */
function instantOf(value: string, zone: string): string | undefined {
  const [, date, hours, minutes, seconds, offset] = DATE_TIME.exec(value) ?? [];
  const day = date === undefined ? undefined : parseDate(date);
  if (day === undefined || offset !== undefined) return undefined;
  const wall = day * DAY_SECONDS + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0);
  const spans = TimeZone.named(zone)?.spans(wall - DAY_SECONDS, wall + DAY_SECONDS);
  return spans && new Date(openingInstant(spans, wall) * 1000).toISOString();
}
