import { AppError } from "../domain/errors.ts";

/** A bundle could not be handed out; no zip was left behind. */
export class ExportError extends AppError {
  readonly code = "evidence.export_failed";
}
