import { AppError } from "../domain/errors.ts";

export type ModelLoadCode =
  | "model.file_missing"
  | "model.sha_mismatch"
  | "model.corrupt"
  | "model.wrong_input"
  | "model.wrong_output"
  | "model.no_execution_provider";

/** A model is refused before its first frame; the message says what was expected and what was found. */
export class ModelLoadError extends AppError {
  readonly code: ModelLoadCode;

  constructor(code: ModelLoadCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}

export type InferenceCode =
  | "inference.thread_crashed"
  | "inference.run_failed"
  | "inference.queue_full"
  | "inference.wrong_frame"
  | "inference.closed";

/** A frame could not be judged. Retryable when the next frame may well succeed. */
export class InferenceError extends AppError {
  readonly code: InferenceCode;
  override readonly retryable: boolean;

  constructor(code: InferenceCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
    this.retryable = code === "inference.thread_crashed" || code === "inference.queue_full";
  }
}
