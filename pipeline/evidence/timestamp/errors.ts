import { AppError } from "../../domain/errors.ts";
import type { Problem } from "../bundle-source.ts";

/** The authority gave no timestamp that may be kept. `code` says why: `timestamp.other_nonce`. */
export class TimestampError extends AppError {
  readonly code: string;
  override readonly retryable = true;

  constructor(problem: Problem, options: { cause?: unknown } = {}) {
    super(problem.message, options);
    this.code = problem.code;
  }
}
