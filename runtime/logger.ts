import { type Logger, pino, type SerializedError } from "pino";

export type { Logger } from "pino";

/**
 * The only place where loggers are made. Logs go to stderr so that stdout stays machine-readable.
 * error: a person must act. warn: it mended itself.
 */
export function createLogger(options: { level: string; name: string }): Logger {
  return pino(
    {
      name: options.name,
      level: options.level,
      serializers: { err: withoutRows },
      redact: {
        paths: ["password", "*.password", "token", "*.token", "url", "*.url", "headers.cookie"],
        censor: "[redacted]",
      },
    },
    pino.destination({ dest: 2, sync: false }),
  );
}

/** PostgreSQL quotes the row at fault in `detail` and the statement's values in `where`: names and phones among them. */
function withoutRows(error: Error): SerializedError {
  const { detail: _detail, where: _where, ...told } = pino.stdSerializers.err(error);
  return told as SerializedError;
}
