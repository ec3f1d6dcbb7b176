import { type ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { isNode, LineCounter, parseDocument, type Document, type YAMLError } from 'yaml';
import { invalid } from '../errors.js';
import { checkMeaning } from './check-meaning.js';
import type { DeskDocument } from './document.js';
import { pathText, type DocumentPath, type Finding, type RawFinding } from './faults.js';
import { addDeskKeywords } from './keywords.js';

export interface ParsedDesk {
  readonly document: DeskDocument;
  /** Lawful and perhaps not meant: a policy line that never applies, tickets without any promise. */
  readonly warnings: readonly Finding[];
}

/** Far above any real desk; what is larger is refused before it is parsed. */
const MAX_CHARACTERS = 1_000_000;

/**
 * Makes the one reader of desk files out of the content of `desks/desk.schema.json`. The reader takes YAML (or JSON)
 * and either answers with the document and its warnings or throws one DomainError, kind INVALID and reason
 * DESK_INVALID, with every fault: `field` is the path, the description ends with line and column.
 */
export function createDeskParser(schemaText: string): (text: string) => ParsedDesk {
  const ajv = new Ajv2020({ allErrors: true, discriminator: true, allowUnionTypes: true, strictRequired: false });
  // Published as CommonJS: under ESM the plug-in is its `default`.
  formats.default(ajv, ['date', 'date-time', 'email', 'regex', 'uri']);
  addDeskKeywords(ajv);
  const validate = ajv.compile<DeskDocument>(JSON.parse(schemaText) as object);

  return (text) => {
    if (text.length > MAX_CHARACTERS) {
      throw invalid([{ field: '', description: `longer than ${MAX_CHARACTERS} characters` }], 'DESK_INVALID');
    }
    const lines = new LineCounter();
    const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    if (yaml.errors.length > 0) throw refusal(yaml.errors.map((error) => syntaxFault(error, lines)));

    const data = toPlain(yaml);
    const locate = (finding: RawFinding): Finding => ({
      path: pathText(finding.path),
      message: finding.message,
      ...position(yaml, lines, finding.path),
    });
    if (!validate(data)) throw refusal(schemaFaults(validate.errors ?? []).map(locate));
    const { faults, warnings } = checkMeaning(data);
    if (faults.length > 0) throw refusal(faults.map(locate));
    return { document: data, warnings: warnings.map(locate) };
  };
}

function toPlain(yaml: Document): unknown {
  try {
    return yaml.toJS();
  } catch (error) {
    // Aliases that multiply ("billion laughs") end here.
    const description = error instanceof Error ? error.message : String(error);
    throw invalid([{ field: '', description }], 'DESK_INVALID');
  }
}

function refusal(findings: readonly Finding[]): Error {
  return invalid(
    findings.map(({ path, message, line, column }) => ({
      field: path,
      description: line === undefined ? message : `${message} (line ${line}:${column})`,
    })),
    'DESK_INVALID',
  );
}

function syntaxFault(error: YAMLError, lines: LineCounter): Finding {
  const { line, col } = lines.linePos(error.pos[0]);
  return { path: '', message: error.message, line, column: col };
}

/** The place of a path in the text, or of its nearest parent that is there. */
function position(yaml: Document, lines: LineCounter, path: DocumentPath): { line?: number; column?: number } {
  for (let depth = path.length; depth >= 0; depth--) {
    const node = depth === 0 ? yaml.contents : yaml.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) {
      const { line, col } = lines.linePos(node.range[0]);
      return { line, column: col };
    }
  }
  return {};
}

/** Errors that only say that another error made a branch fail are left out. */
const CONSEQUENCES = new Set(['if', 'propertyNames', 'oneOf', 'anyOf']);

function schemaFaults(errors: readonly ErrorObject[]): RawFinding[] {
  const findings = errors.filter((error) => !CONSEQUENCES.has(error.keyword)).map(schemaFault);
  const seen = new Set<string>();
  return findings.filter(({ path, message }) => {
    const key = `${pathText(path)} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
}

function schemaFault(error: ErrorObject): RawFinding {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const params = error.params as Record<string, unknown>;
  const message = error.message ?? error.keyword;
  // Of a key, not of a value: ajv fills in `propertyName` for its own keywords only.
  const key = error.propertyName ?? (error.schemaPath.includes('/propertyNames/') ? params['id'] : undefined);
  if (typeof key === 'string') return { path: [...path, key], message };
  switch (error.keyword) {
    case 'additionalProperties':
      return { path: [...path, String(params['additionalProperty'])], message: 'unknown key' };
    case 'required':
      return { path: [...path, String(params['missingProperty'])], message: 'is missing' };
    case 'enum':
      return { path, message: `must be one of ${(params['allowedValues'] as readonly unknown[]).join(', ')}` };
    case 'const':
      return { path, message: `must be ${String(params['allowedValue'])}` };
    default:
      return { path, message };
  }
}
