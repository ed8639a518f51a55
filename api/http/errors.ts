import { AppError } from "../../pipeline/domain/errors.ts";

export class NotSignedInError extends AppError {
  readonly code = "auth.not_signed_in";
}
export class BadCredentialsError extends AppError {
  readonly code = "auth.bad_credentials";
}
export class TooManyAttemptsError extends AppError {
  readonly code = "auth.too_many_attempts";
  override readonly retryable = true;
  readonly retryAfterSec: number;

  constructor(message: string, retryAfterSec: number) {
    super(message);
    this.retryAfterSec = retryAfterSec;
  }
}
export class PasswordChangeRequiredError extends AppError {
  readonly code = "auth.password_change_required";
}
export class ForbiddenError extends AppError {
  readonly code = "auth.forbidden";
}
export class NotFoundError extends AppError {
  readonly code = "http.not_found";
}

/** A stored file is gone or not what was stored. */
export class DamagedFileError extends AppError {
  readonly code = "store.file_damaged";
}
