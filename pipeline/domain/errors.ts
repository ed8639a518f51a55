/**
 * Every error a user may meet. `code` is stable (`media.capture_stalled`) and is what programs act on; the
 * message is for people and names the file, the field and the remedy. Errors know nothing of HTTP.
 */
export abstract class AppError extends Error {
  abstract readonly code: string;
  /** Worth trying again later without changing anything. */
  readonly retryable: boolean = false;
  /** Machine-readable facts about the fault. Never secrets. */
  readonly details?: unknown;

  constructor(message: string, options: { cause?: unknown; details?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    if (options.details !== undefined) this.details = options.details;
  }
}

/** One fault in a document from outside: where it is and what is wrong there. */
export interface Fault {
  /** Path inside the document: `zones[0].polygon[2]`. Empty for the document itself. */
  readonly path: string;
  readonly message: string;
}

/** Input from outside does not fit its schema. Carries every fault at once. */
export class InvalidInputError extends AppError {
  readonly code = "input.invalid";
  readonly source: string;
  readonly faults: readonly Fault[];

  constructor(source: string, faults: readonly Fault[], options: { cause?: unknown } = {}) {
    const lines = faults.map((fault) => `  ${fault.path || "(whole document)"}: ${fault.message}`);
    super(`${source} is not valid:\n${lines.join("\n")}`, { ...options, details: { source, faults } });
    this.source = source;
    this.faults = faults;
  }
}

/** Wrong usage or configuration: the command line exits 2. */
export class UsageError extends AppError {
  readonly code = "usage.wrong";
}

/** A program, package or file that this machine lacks; the message says how to get it. */
export class MissingToolError extends AppError {
  readonly code = "tool.missing";
}
