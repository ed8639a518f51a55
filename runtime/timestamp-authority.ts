import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { InvalidInputError } from "../pipeline/domain/errors.ts";
import { TimestampError } from "../pipeline/evidence/timestamp/errors.ts";
import { bufferOf, newNonce, timestampRequest } from "../pipeline/evidence/timestamp/request.ts";
import { tokenOfResponse } from "../pipeline/evidence/timestamp/response.ts";
import { verifyTimestamp } from "../pipeline/evidence/timestamp/verify-token.ts";

const TIMEOUT_MS = 15_000;
/** A response with a chain of certificates has some 6 KiB. */
const MAX_RESPONSE_BYTES = 64 * 1024;
const PEM_BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

export interface TimestampAuthority {
  readonly url: string;
  /** Certificates its own must lead to; undefined: whoever answers is taken. */
  readonly trusted?: readonly X509Certificate[];
}

export interface AuthorityConfig {
  /** FOREWARN_TSA_URL */
  readonly tsaUrl: string | undefined;
  /** FOREWARN_TSA_CA */
  readonly tsaCaPath: string | undefined;
}

/**
 * Has the configured authority say that a message exists now, as `requestTimestamp`; undefined when none is
 * configured. Its certificates are read when the first message comes, so that a fault in them holds up nothing before.
 *
 * @returns a function that throws InvalidInputError as `readCertificates`, besides what `requestTimestamp` throws
 */
export function configuredStamp({
  tsaUrl,
  tsaCaPath,
}: AuthorityConfig): ((message: Uint8Array) => ReturnType<typeof requestTimestamp>) | undefined {
  if (tsaUrl === undefined) return undefined;
  let authority: TimestampAuthority | undefined;
  return async (message) => {
    authority ??= await openAuthority(tsaUrl, tsaCaPath);
    return requestTimestamp(authority, message);
  };
}

async function openAuthority(url: string, caPath: string | undefined): Promise<TimestampAuthority> {
  return caPath === undefined ? { url } : { url, trusted: await readCertificates(caPath) };
}

/** Every certificate of a PEM file. @throws InvalidInputError when there is none, or the file cannot be read */
export async function readCertificates(path: string): Promise<X509Certificate[]> {
  try {
    const blocks = (await readFile(path, "utf8")).match(PEM_BLOCK) ?? [];
    if (blocks.length > 0) return blocks.map((block) => new X509Certificate(block));
  } catch (cause) {
    throw new InvalidInputError(path, [{ path: "", message: "cannot be read as certificates (PEM)" }], {
      cause,
    });
  }
  throw new InvalidInputError(path, [{ path: "", message: "holds no certificate (PEM, BEGIN CERTIFICATE)" }]);
}

/**
 * Has an authority say that the message exists now (RFC 3161 over HTTP, section 3.4). It is told the message's
 * SHA-256, nothing else.
 *
 * @returns the token (DER) and the authority's time
 * @throws TimestampError when it does not answer, or with something else than a good timestamp of this message
 */
export async function requestTimestamp(
  authority: TimestampAuthority,
  message: Uint8Array,
): Promise<{ readonly token: Uint8Array; readonly at: string }> {
  const nonce = newNonce();
  const token = tokenOfResponse(await post(authority.url, timestampRequest(message, nonce)));
  const { problems, at } = await verifyTimestamp(token, message, {
    nonce,
    ...(authority.trusted === undefined ? {} : { authorities: authority.trusted }),
  });
  const [problem] = problems;
  if (problem !== undefined) throw new TimestampError(problem);
  if (at === null) throw new Error("a timestamp without fault has a time");
  return { token, at };
}

async function post(url: string, body: Uint8Array): Promise<Uint8Array> {
  try {
    const response = await fetch(url, {
      method: "POST",
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { "content-type": "application/timestamp-query", accept: "application/timestamp-reply" },
      body: bufferOf(body),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`it answered ${response.status}`);
    }
    return await readLimited(response);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TimestampError(
      { code: "timestamp.unreachable", message: `No timestamp from ${new URL(url).host}: ${why}.` },
      { cause },
    );
  }
}

/** Stops at the limit: whoever answers must not fill the memory. */
async function readLimited(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    total += part.length;
    if (total > MAX_RESPONSE_BYTES) throw new Error(`it answered with more than ${MAX_RESPONSE_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
