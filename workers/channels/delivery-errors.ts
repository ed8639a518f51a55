import { AppError } from "../../pipeline/domain/errors.ts";

/** The receiver will never take this: there is nothing to wait for. */
export class PermanentDeliveryError extends AppError {
  readonly code = "delivery.permanent";
}

/** It did not work this time, and nothing was sent. */
export class DeliveryFailedError extends AppError {
  readonly code = "delivery.failed";
  override readonly retryable = true;
}

/** It left, and no answer came: it may have arrived or not. */
export class UnknownOutcomeError extends AppError {
  readonly code = "delivery.unknown_outcome";
  override readonly retryable = true;
}

const NOT_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_\w+|ERR_SSL_\w+|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)$/;

/** Whether a system's fault comes before anything was handed over: no way there, or nobody to trust at its end. */
export function cameBeforeSending(code: string): boolean {
  return NOT_CONNECTED.test(code);
}
