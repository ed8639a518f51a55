import { AppError } from "../../domain/errors.ts";

/** The clip could not be masked; there is no masked clip then, and the original is shown to nobody instead. */
export class ClipMaskError extends AppError {
  readonly code = "evidence.clip_mask_failed";
}
