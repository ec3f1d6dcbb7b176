import type { DeskDocument } from './document.js';
import type { DocumentPath, Findings } from './faults.js';
import type { FieldSpec, FormSpec } from './forms.js';
import type { Condition } from './vocabulary.js';

export function checkForms(desk: DeskDocument, findings: Findings): void {
  desk.forms.forEach((form, index) => checkForm(['forms', index], form, findings));
  const last = desk.forms.at(-1);
  if (last?.match !== undefined && Object.keys(last.match).length > 0) {
    findings.fault(['forms', desk.forms.length - 1, 'match'], 'the last form must hold for every ticket');
  }
  const all = desk.forms.flatMap((form) => form.fields);
  desk.refusals.forEach((rule, index) => checkCondition(['refusals', index, 'when'], rule.when, all, findings));
  desk.notifications.rules.forEach((rule, index) =>
    checkCondition(['notifications', 'rules', index, 'when'], rule.when, all, findings),
  );
  for (const [id, product] of Object.entries(desk.products)) {
    checkCondition(['products', id, 'offeredWhen'], product.offeredWhen, all, findings);
  }
  checkAssessment(desk, all, findings);
}

function checkForm(path: DocumentPath, form: FormSpec, findings: Findings): void {
  if (form.missing === 'ask' && form.askTemplate === undefined) {
    findings.fault([...path, 'askTemplate'], 'is missing: what is missing is asked for by mail');
  }
  if (!form.fields.some((field) => field.id === 'description')) {
    findings.fault([...path, 'fields'], 'has no description, and a ticket needs one');
  }
  form.fields.forEach((field, index) => {
    const at = [...path, 'fields', index];
    checkField(at, field, findings);
    checkCondition([...at, 'requiredWhen'], field.requiredWhen, form.fields, findings);
    checkCondition([...at, 'shownWhen'], field.shownWhen, form.fields, findings);
  });
  form.oneOf?.forEach((rule, index) => {
    rule.fields.forEach((id, position) => {
      if (!form.fields.some((field) => field.id === id)) {
        findings.fault([...path, 'oneOf', index, 'fields', position], `${id} is not a field of this form`);
      }
    });
    checkCondition([...path, 'oneOf', index, 'when'], rule.when, form.fields, findings);
  });
}

function checkField(path: DocumentPath, field: FieldSpec, findings: Findings): void {
  const only = (key: keyof FieldSpec, ...types: readonly FieldSpec['type'][]): void => {
    if (field[key] !== undefined && !types.includes(field.type)) {
      findings.fault([...path, key], `is for ${types.join(' and ')}, and this field is ${field.type}`);
    }
  };
  only('options', 'choice');
  only('min', 'integer');
  only('max', 'integer');
  only('pattern', 'text', 'long_text');
  only('timeZone', 'datetime');
  only('accepts', 'file');
  only('scrub', 'file');
  if (field.type === 'choice' && field.options === undefined)
    findings.fault([...path, 'options'], 'is missing: it is a choice');
  if (field.pattern !== undefined && field.patternMessage === undefined) {
    findings.fault([...path, 'patternMessage'], 'is missing: a pattern must be said in words');
  }
  if (field.required === true && field.requiredWhen !== undefined) {
    findings.fault([...path, 'requiredWhen'], 'says nothing: the field is always required');
  }
}

/** Fields a condition names must be there, and a choice must have the answers it names. */
function checkCondition(
  path: DocumentPath,
  condition: Condition | undefined,
  fields: readonly FieldSpec[],
  findings: Findings,
): void {
  for (const [id, values] of Object.entries(condition?.fields ?? {})) {
    const named = fields.filter((field) => field.id === id);
    if (named.length === 0) findings.fault([...path, 'fields', id], 'is not a field of this form');
    const unknown = values.filter((value) => !named.some((field) => accepts(field, value)));
    if (named.length > 0 && unknown.length > 0) {
      findings.fault([...path, 'fields', id], `${unknown.join(', ')} is not among its options`);
    }
  }
}

function checkAssessment(desk: DeskDocument, fields: readonly FieldSpec[], findings: Findings): void {
  if (desk.assessment === undefined) {
    if (desk.queue.order.includes('score')) findings.fault(['queue', 'order'], 'score needs an assessment');
    return;
  }
  desk.assessment.criteria.forEach((criterion, index) =>
    checkCondition(
      ['assessment', 'criteria', index],
      { fields: { [criterion.field]: Object.keys(criterion.points) } },
      fields,
      findings,
    ),
  );
  const { bands } = desk.assessment;
  bands.forEach((band, index) => {
    const before = bands[index - 1];
    if (before !== undefined && band.from >= before.from) {
      findings.fault(
        ['assessment', 'bands', index, 'from'],
        `must be below ${before.from}: the first band reached holds`,
      );
    }
  });
  if (bands.at(-1)?.from !== 0) findings.fault(['assessment', 'bands'], 'the last band must start at 0');
}

function accepts(field: FieldSpec, value: string): boolean {
  if (field.type === 'choice') return field.options?.some((option) => option.id === value) ?? false;
  return field.type !== 'boolean' || value === 'true' || value === 'false';
}
