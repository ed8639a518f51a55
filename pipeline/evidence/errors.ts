import { AppError } from "../domain/errors.ts";

/** The candidate, the camera and the rest of the input do not belong together; no bundle was begun. */
export class BundleInputError extends AppError {
  readonly code = "evidence.input_mismatch";
}

/** The recording gave no picture or clip that shows what the candidate says. */
export class BundleSourceError extends AppError {
  readonly code = "evidence.source_unusable";
}

/** The bundle could not be written; nothing is left under its final name. */
export class BundleWriteError extends AppError {
  readonly code = "evidence.write_failed";
  override readonly retryable = true;
}

/** A bundle of this id is there already and is broken: it is never overwritten. */
export class BundleExistsError extends AppError {
  readonly code = "evidence.broken_bundle_in_the_way";
}

/** The path holds nothing that looks like a bundle. */
export class NotABundleError extends AppError {
  readonly code = "evidence.not_a_bundle";
}

/** The site's key cannot be used: readable by others, not Ed25519, or not the pair it should be. */
export class SiteKeyError extends AppError {
  readonly code = "evidence.site_key_unusable";
}

/** Another process has been changing the files of this folder for too long. */
export class FolderBusyError extends AppError {
  readonly code = "evidence.folder_busy";
  override readonly retryable = true;
}

/** Another process is writing the next bundle of this camera. */
export class ChainBusyError extends AppError {
  readonly code = "evidence.chain_busy";
  override readonly retryable = true;
}

/** The file that remembers a camera's last bundle is damaged. */
export class ChainStateError extends AppError {
  readonly code = "evidence.chain_state_damaged";
}
