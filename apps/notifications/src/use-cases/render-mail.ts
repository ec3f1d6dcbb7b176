import Handlebars from 'handlebars';
import { LRUCache } from 'lru-cache';
import type { DeskDocument } from '#kernel/desk/document.js';
import { textIn } from '#kernel/desk/lookups.js';
import { TEMPLATE_VARIABLES } from '#kernel/desk/messages.js';
import type { TemplateId } from '#kernel/desk/vocabulary.js';
import type { Variables } from '../domain/happening.js';

export interface RenderedMail {
  readonly subject: string;
  readonly body: string;
  /** Variables that the template uses and that have no value at this event: they are left empty. */
  readonly missing: readonly string[];
}

interface Compiled {
  readonly render: Handlebars.TemplateDelegate;
  readonly uses: readonly string[];
}

const compiled = new LRUCache<string, Compiled>({ max: 2_000 });

/**
 * A template of the desk file in words. Plain text: nothing is escaped. What the desk's vocabulary does not know throws;
 * the desk file was checked for it when it was applied.
 */
export function renderMail(desk: DeskDocument, id: TemplateId, variables: Variables, language: string): RenderedMail {
  const template = desk.notifications.templates[id];
  if (!template) throw new RangeError(`desk ${desk.id} has no template ${id}`);
  const subject = compile(textIn(desk, template.subject, language));
  const body = compile(textIn(desk, template.body, language));
  const known = [...TEMPLATE_VARIABLES, ...Object.keys(desk.products).map((product) => `links.${product}`)];
  const values = nested(known.map((name) => [name, variables[name] ?? '']));
  const uses = new Set([...subject.uses, ...body.uses]);
  return {
    // A line break would end the header, and customers' words are in it.
    subject: subject.render(values).replace(/\s+/g, ' ').trim(),
    body: body.render(values).replace(/[ \t]+$/gm, ''),
    missing: [...uses].filter((name) => variables[name] === undefined),
  };
}

function compile(text: string): Compiled {
  let found = compiled.get(text);
  if (!found) {
    const uses = [...text.matchAll(/\{\{+\s*([\w.]+)\s*\}\}+/g)].map(([, name = '']) => name);
    found = { render: Handlebars.compile(text, { noEscape: true, strict: true }), uses };
    compiled.set(text, found);
  }
  return found;
}

/** `ticket.number` becomes `{ticket: {number}}`. */
function nested(entries: readonly (readonly [string, string])[]): Record<string, Record<string, string>> {
  const result: Record<string, Record<string, string>> = {};
  for (const [name, value] of entries) {
    const [group = '', key = ''] = name.split('.', 2);
    (result[group] ??= {})[key] = value;
  }
  return result;
}
