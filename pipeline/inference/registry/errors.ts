import { AppError } from "../../domain/errors.ts";

export type ModelInstallCode =
  | "model.not_installed"
  | "model.sha_mismatch"
  | "model.source_missing"
  | "model.not_in_folder"
  | "model.download_failed"
  | "model.write_failed";

/** A model's file is not here and could not be brought here; nothing was installed. */
export class ModelInstallError extends AppError {
  readonly code: ModelInstallCode;
  override readonly retryable: boolean;

  constructor(code: ModelInstallCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
    this.retryable = code === "model.download_failed";
  }
}
