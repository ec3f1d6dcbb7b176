import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import { currentContext } from '../context.js';
import { serializeError } from './serialize-error.js';

/** Injected with `@Inject(LOG)`. Log ids, reasons and counts; never what a customer wrote, and never a token. */
export const LOG = Symbol('LOG');
export type Log = Logger;

export interface LogOptions {
  readonly service: string;
  readonly level: string;
  readonly destination?: DestinationStream;
}

/** A net below the rule: these keys are blanked wherever a logged object carries them at its top or one level down. */
const SECRET = ['authorization', 'token', 'accessToken', 'refreshToken', 'apiKey', 'password', 'secret'];
const CUSTOMER_TEXT = ['subject', 'description', 'body', 'text', 'html'];
const BLANKED = [...SECRET, ...CUSTOMER_TEXT].flatMap((key) => [key, `*.${key}`]);

/** JSON lines on stdout; each carries the service and, inside a call, trace_id, method and desk. */
export function createLog({ service, level, destination }: LogOptions): Log {
  const options = {
    level,
    base: { service },
    messageKey: 'message',
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: serializeError },
    redact: { paths: BLANKED, censor: '[removed]' },
    mixin(): object {
      const context = currentContext();
      if (!context) return {};
      return { trace_id: context.traceId, method: context.method, desk: context.caller?.deskId };
    },
  };
  return destination ? pino(options, destination) : pino(options);
}
