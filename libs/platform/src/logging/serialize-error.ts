export interface SerializedError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string | number;
  readonly cause?: SerializedError;
}

/** PostgreSQL's class 22: the message ends with the value that could not be taken. */
const DATA_EXCEPTION = /^22[0-9A-Z]{3}$/;

/**
 * Only what was chosen, for errors carry more than their message: a failed query brings its parameters, and those are
 * customers' words.
 */
export function serializeError(error: unknown): SerializedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'something that is no Error was thrown' };
  const code = codeOf(error);
  const message = typeof code === 'string' && DATA_EXCEPTION.test(code) ? withoutValue(error.message) : error.message;
  return {
    type: error.name,
    message,
    stack: error.stack?.replace(error.message, message),
    code,
    cause: error.cause === undefined ? undefined : serializeError(error.cause),
  };
}

function codeOf(error: Error): string | number | undefined {
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  const found = driverError?.code ?? code;
  return typeof found === 'string' || typeof found === 'number' ? found : undefined;
}

function withoutValue(message: string): string {
  return message.replace(/"[^]*"/, '"…"');
}
