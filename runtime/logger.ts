import { type Logger, pino } from "pino";

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
      redact: {
        paths: ["password", "*.password", "token", "*.token", "url", "*.url", "headers.cookie"],
        censor: "[redacted]",
      },
    },
    pino.destination({ dest: 2, sync: false }),
  );
}
