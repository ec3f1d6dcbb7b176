import { v7 as uuidv7, validate } from 'uuid';

/** A new time-ordered UUID: primary keys land at the right edge of their index. */
export function newId(): string {
  return uuidv7();
}

export function isId(text: string): boolean {
  return validate(text);
}
