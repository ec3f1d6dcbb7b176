import { z } from 'zod';
import type { Collections } from '../model.js';
import { missing } from '../errors.js';
import type { ApiKind, Work } from '../work.js';
import { integer, parse, range } from './params.js';

const paging = {
  limit: integer.pipe(z.number().min(1).max(100)).default(10),
  starting_after: z.string().optional(),
  ending_before: z.string().optional(),
  created: range.optional(),
};

interface Page<T> {
  readonly object: 'list';
  readonly data: T[];
  readonly has_more: boolean;
  readonly url: string;
}

/** Newest first. Each field of `fields` is a filter by equality; `also` holds what equality cannot say. */
export function list<K extends ApiKind>(
  work: Work,
  kind: K,
  url: string,
  query: object,
  fields: readonly (keyof Collections[K] & string)[] = [],
  also: (document: Readonly<Collections[K]>) => boolean = () => true,
): Page<Collections[K]> {
  const filters = Object.fromEntries(fields.map((field) => [field, z.string().optional()]));
  const { limit, starting_after, ending_before, created, ...wanted } = parse(
    z.strictObject({ ...paging, ...filters }),
    query,
  );
  const matching = work.store
    .all(kind)
    .filter((d) => inRange(Number(Reflect.get(d, 'created')), created))
    .filter((d) => Object.entries(wanted).every(([field, value]) => value === undefined || same(d, field, value)))
    .filter(also)
    .toReversed();
  const from = starting_after === undefined ? 0 : indexOf(matching, starting_after, 'starting_after', kind) + 1;
  const to = ending_before === undefined ? matching.length : indexOf(matching, ending_before, 'ending_before', kind);
  const window = matching.slice(from, to);
  const backwards = ending_before !== undefined;
  const data = backwards ? window.slice(-limit) : window.slice(0, limit);
  return { object: 'list', data: structuredClone(data) as Collections[K][], has_more: window.length > limit, url };
}

function same(document: object, field: string, value: unknown): boolean {
  return String(Reflect.get(document, field)) === value;
}

/** A cursor that is filtered out points at nothing of this list. */
function indexOf(documents: readonly { readonly id: string }[], id: string, param: string, kind: ApiKind): number {
  const index = documents.findIndex((d) => d.id === id);
  if (index < 0) throw missing(kind, id, param);
  return index;
}

function inRange(value: number, wanted: z.infer<typeof range> | undefined): boolean {
  if (wanted === undefined) return true;
  if (typeof wanted === 'number') return value === wanted;
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = wanted;
  return value > gt && value >= gte && value < lt && value <= lte;
}
