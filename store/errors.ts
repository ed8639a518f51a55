import type { Refusal } from "../casework/refusal.ts";
import { AppError } from "../pipeline/domain/errors.ts";

/** The law or the procedure does not allow the step. `code` is the refusal's: `incident.illegal_move`. */
export class RefusedError extends AppError {
  readonly code: string;
  readonly refusal: Refusal;
  /** Whatever else stands in the way. */
  readonly also: readonly Refusal[];

  constructor(refusal: Refusal, also: readonly Refusal[] = []) {
    super(refusal.messageEn, { details: refusal });
    this.code = refusal.code;
    this.refusal = refusal;
    this.also = also;
  }
}

/** Somebody changed it since whoever asks has read it: read again, then decide again. */
export class StaleVersionError extends AppError {
  readonly code = "store.stale_version";

  constructor(what: string, id: string, seen: number, now: number) {
    super(`The ${what} ${id} was changed since: version ${seen} was seen, it is ${now} now. Reload it.`, {
      details: { what, id, seen, now },
    });
  }
}

/** No such row, or none in the regions of whoever asks: the two are not told apart on purpose. */
export class NotFoundError extends AppError {
  readonly code = "store.not_found";

  constructor(what: string, id: string) {
    super(`There is no ${what} ${id} in your regions.`, { details: { what, id } });
  }
}

/** A row with this name is there already. */
export class AlreadyExistsError extends AppError {
  readonly code = "store.already_exists";
}

/** The migrations on disk and those the database has seen do not fit together. */
export class MigrationError extends AppError {
  readonly code = "store.migration_refused";
}

/** Nobody answers at the database's address, or it lets nobody in. */
export class DatabaseUnreachableError extends AppError {
  readonly code = "store.unreachable";
  override readonly retryable = true;
}

/** Somebody else has taken the camera since: what this one still writes does not count. */
export class StaleFenceError extends AppError {
  readonly code = "store.stale_fence";

  constructor(cameraId: string, fence: number) {
    super(`Camera ${cameraId} was taken by another worker; fence ${fence} is no longer valid.`, {
      details: { cameraId, fence },
    });
  }
}
