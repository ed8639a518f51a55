import { createHmac } from "node:crypto";
import {
  cameBeforeSending,
  DeliveryFailedError,
  PermanentDeliveryError,
  UnknownOutcomeError,
} from "./delivery-errors.ts";

const TIMEOUT_MS = 10_000;
const REPLY_BYTES = 16 * 1024;

/** Answers that say: not now. Any other 4xx says: never. */
const NOT_NOW = new Set([408, 423, 425, 429]);

export interface JsonPost {
  /** For faults: `the SMS gateway`. */
  readonly receiver: string;
  readonly url: string;
  /** With one the body is signed: `x-forewarn-signature: sha256=‹hex HMAC of the body›`. */
  readonly secret: string | undefined;
  readonly timeoutMs?: number;
}

/**
 * POSTs JSON and returns a 2xx answer with the beginning of its body. Follows nobody elsewhere: a message is a key.
 * Throws `PermanentDeliveryError` for 4xx, `UnknownOutcomeError` when no answer came, `DeliveryFailedError` for the rest.
 */
export async function postJson(
  { receiver, url, secret, timeoutMs = TIMEOUT_MS }: JsonPost,
  message: object,
): Promise<{ status: number; reply: string }> {
  const body = JSON.stringify(message);
  const signed = secret === undefined ? {} : { "x-forewarn-signature": `sha256=${hmac(secret, body)}` };
  const response = await fetch(url, {
    method: "POST",
    redirect: "manual",
    signal: AbortSignal.timeout(timeoutMs),
    headers: { "content-type": "application/json", ...signed },
    body,
  }).catch((error: unknown) => {
    throw faultOf(receiver, error);
  });
  const { status } = response;
  if (!response.ok) {
    await response.body?.cancel();
    const fault = `${receiver} answered ${status}`;
    if (status >= 400 && status < 500 && !NOT_NOW.has(status)) throw new PermanentDeliveryError(fault);
    throw new DeliveryFailedError(fault);
  }
  // The status says that it was taken over, whatever becomes of the rest.
  const reply = await beginningOf(response).catch(() => "");
  return { status, reply };
}

function hmac(secret: string, body: string): string {
  return createHmac("sha256", secret).update(body).digest("hex");
}

/** Only the kind of fault is told: what a library says may quote what was sent. */
function faultOf(receiver: string, error: unknown): Error {
  if (error instanceof Error && error.name === "TimeoutError")
    return new UnknownOutcomeError(`${receiver} did not answer in time`);
  const cause = error instanceof Error ? error.cause : undefined;
  const code = (cause as { code?: unknown } | undefined)?.code;
  const kind = typeof code === "string" ? code : "the connection failed";
  return cameBeforeSending(kind)
    ? new DeliveryFailedError(`${receiver} cannot be reached: ${kind}`)
    : new UnknownOutcomeError(`${receiver} gave no answer: ${kind}`);
}

async function beginningOf(response: Response): Promise<string> {
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  // Leaving the loop early ends the transfer.
  for await (const part of response.body ?? []) {
    parts.push(Buffer.from(part));
    sizeBytes += part.length;
    if (sizeBytes >= REPLY_BYTES) break;
  }
  return Buffer.concat(parts).toString("utf8", 0, REPLY_BYTES);
}
