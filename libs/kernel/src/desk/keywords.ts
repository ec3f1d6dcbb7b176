import type { Ajv2020 } from 'ajv/dist/2020.js';
import type { AnySchemaObject, ErrorObject, SchemaValidateFunction } from 'ajv';
import type { DataValidationCxt } from 'ajv/dist/types/index.js';
import { isDuration, parseDuration } from './duration.js';

/**
 * What `desk.schema.json` says beyond JSON Schema. A reference is checked where it stands, against the document as a
 * whole, so that a new one needs no code.
 */
export function addDeskKeywords(ajv: Ajv2020): void {
  ajv.addKeyword({ keyword: 'refersTo', type: 'string', schemaType: 'string', validate: refersTo, errors: true });
  ajv.addKeyword({ keyword: 'uniqueBy', type: 'array', schemaType: 'string', validate: uniqueBy, errors: true });
  ajv.addKeyword({ keyword: 'localText', type: 'object', schemaType: 'boolean', validate: localText, errors: true });
  ajv.addFormat('desk-duration', (text: string) => isDuration(text) && parseDuration(text) > 0);
  ajv.addFormat('time-zone', isTimeZone);
  ajv.addFormat('currency', isCurrency);
  ajv.addFormat('language', isLanguage);
}

const refersTo: SchemaValidateFunction = (
  place: string,
  id: string,
  _parent?: AnySchemaObject,
  at?: DataValidationCxt,
) => {
  const known = idsAt(at?.rootData, place.split('.'));
  // A part that is itself malformed has its own fault; naming every reference to it as well would bury that.
  if (known === undefined || known.has(id)) return true;
  const list = [...known].join(', ');
  return fail(refersTo, { id }, `${id} is not in ${place}${list === '' ? '' : ` (${list})`}`);
};

const uniqueBy: SchemaValidateFunction = (property: string, items: readonly unknown[]) => {
  const seen = new Set<unknown>();
  const twice = new Set<unknown>();
  for (const item of items) {
    const value = isRecord(item) ? item[property] : undefined;
    if (value === undefined) continue;
    if (seen.has(value)) twice.add(value);
    seen.add(value);
  }
  return twice.size === 0 || fail(uniqueBy, {}, `${property} is there twice: ${[...twice].join(', ')}`);
};

const localText: SchemaValidateFunction = (
  _on: boolean,
  text: Record<string, unknown>,
  _parent?: AnySchemaObject,
  at?: DataValidationCxt,
) => {
  const root: unknown = at?.rootData;
  const languages: unknown = isRecord(root) ? root['languages'] : undefined;
  if (!Array.isArray(languages)) return true;
  const faults = Object.keys(text)
    .filter((language) => !languages.includes(language))
    .map((language) => `${language} is not a language of this desk (${languages.join(', ')})`);
  const first: unknown = languages[0];
  if (typeof first === 'string' && !Object.hasOwn(text, first))
    faults.push(`the desk's first language, ${first}, is missing`);
  return faults.length === 0 || fail(localText, {}, faults.join('; '));
};

/** Ajv reads a keyword's errors from the function that checked it. */
function fail(keyword: SchemaValidateFunction, params: Record<string, string>, message: string): false {
  const error: Partial<ErrorObject> = { message, params };
  keyword.errors = [error];
  return false;
}

/** The ids in one part of the document: an array's `id`s, an object's keys, nothing where the part is left out. */
function idsAt(root: unknown, place: readonly string[]): Set<string> | undefined {
  let part = root;
  for (const key of place) {
    if (part === undefined) return new Set();
    if (!isRecord(part)) return undefined;
    part = part[key];
  }
  if (part === undefined) return new Set();
  if (Array.isArray(part)) {
    return new Set(part.flatMap((item) => (isRecord(item) && typeof item['id'] === 'string' ? [item['id']] : [])));
  }
  return isRecord(part) ? new Set(Object.keys(part)) : undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '' && /^[A-Z]/.test(name);
  } catch {
    return false;
  }
}

function isCurrency(code: string): boolean {
  return Intl.supportedValuesOf('currency').includes(code);
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag)[0] === tag;
  } catch {
    return false;
  }
}
