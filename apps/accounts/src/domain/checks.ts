import { isId } from '#kernel/ids.js';
import { invalid, type Violation } from '#kernel/errors.js';
import { requestIdFaults } from '#kernel/request-id.js';

const MAX_NAME = 200;
const MAX_EMAIL = 254;
/** Nobody types more; a longer one would only keep the processor busy. */
const MAX_PASSWORD = 1_000;
const EMAIL = /^[^\s@<>(),;:"]+@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i;
const LANGUAGE = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i;

/** Collects every fault of a request, so that all are named in one answer. */
export class Checks {
  private readonly violations: Violation[] = [];

  fault(field: string, description: string): this {
    this.violations.push({ field, description });
    return this;
  }

  /** Whether a fault of this field was found. */
  found(field: string): boolean {
    return this.violations.some((violation) => violation.field === field);
  }

  requestId(value: string): this {
    this.violations.push(...requestIdFaults(value));
    return this;
  }

  name(value: string): this {
    if (value.trim() === '') this.fault('name', 'is required');
    if (value.length > MAX_NAME) this.fault('name', `is longer than ${MAX_NAME} characters`);
    return this;
  }

  email(value: string): this {
    if (!EMAIL.test(value.trim()) || value.length > MAX_EMAIL) this.fault('email', 'is not an e-mail address');
    return this;
  }

  /** Empty: the desk's first language. */
  language(value: string): this {
    if (value !== '' && !LANGUAGE.test(value)) this.fault('language', 'is not a BCP 47 language tag');
    return this;
  }

  password(value: string, minLength: number): this {
    if (value.length < minLength) this.fault('password', `is shorter than ${minLength} characters`);
    if (value.length > MAX_PASSWORD) this.fault('password', `is longer than ${MAX_PASSWORD} characters`);
    return this;
  }

  id(field: string, value: string): this {
    if (!isId(value)) this.fault(field, 'is not an id');
    return this;
  }

  /** Empty counts as left out. */
  optionalId(field: string, value: string): this {
    return value === '' ? this : this.id(field, value);
  }

  done(): void {
    if (this.violations.length > 0) throw invalid(this.violations);
  }
}
