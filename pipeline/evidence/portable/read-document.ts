import type { z } from "zod";
import type { BundleSource, Problem } from "../bundle-source.ts";
import { equalBytes, toHex, utf8 } from "./bytes.ts";
import { canonicalText, parseJsonBytes } from "./canonical-text.ts";
import { sm3 } from "./sm3.ts";
import type { VerifyCrypto } from "./verify-crypto.ts";

/** Far above any bundle we write; keeps a planted giant from filling the memory. */
const MAX_JSON_BYTES = 8 * 1024 * 1024;

/** One of the JSON documents: its bytes, what they mean, and what is wrong with it. */
export interface ReadDocument<T> {
  readonly sha256: string | undefined;
  readonly sm3: string | undefined;
  readonly value: T | undefined;
  readonly problems: readonly Problem[];
}

/** Reads `name`.json from a bundle; never throws for what is in it. */
export async function readJson<T>(
  source: BundleSource,
  name: "manifest" | "seal" | "export",
  schema: z.ZodType<T>,
  crypto: VerifyCrypto,
): Promise<ReadDocument<T>> {
  const file = `${name}.json`;
  let hashes: Pick<ReadDocument<T>, "sha256" | "sm3"> = { sha256: undefined, sm3: undefined };
  const failed = (code: string, message: string): ReadDocument<T> => ({
    ...hashes,
    value: undefined,
    problems: [{ code: `${name}.${code}`, file, message }],
  });
  const entry = source.entries.find((candidate) => candidate.path === file);
  // A zip that could not be unpacked has said so already.
  if (entry === undefined && source.entries.length === 0)
    return { ...hashes, value: undefined, problems: [] };
  if (entry === undefined) return failed("missing", `${file} is missing`);
  if (entry.kind !== "file") return failed("unreadable", `${file} is not a regular file`);
  if (entry.sizeBytes > MAX_JSON_BYTES) return failed("unreadable", `${file} is too large to be one of ours`);
  const bytes = await source.read(file);
  hashes = { sha256: toHex(crypto.sha256(bytes)), sm3: toHex(sm3(bytes)) };
  let json: unknown;
  try {
    json = parseJsonBytes(bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return failed("unreadable", `${file} is not readable JSON: it was changed or cut off (${why})`);
  }
  const parsed = schema.safeParse(json);
  const problems: Problem[] = [];
  if (!isCanonical(json, bytes))
    problems.push({
      code: `${name}.not_canonical`,
      file,
      message: `${file} is not in canonical form (RFC 8785): it was edited or written by another program`,
    });
  for (const issue of parsed.success ? [] : parsed.error.issues)
    problems.push({
      code: `${name}.invalid`,
      file,
      message: `${file}: ${issue.path.join(".") || "whole document"}: ${issue.message}`,
    });
  return { ...hashes, value: parsed.data, problems };
}

function isCanonical(json: unknown, bytes: Uint8Array): boolean {
  try {
    return equalBytes(utf8(canonicalText(json)), bytes);
  } catch {
    // Lone surrogates and the like have no canonical form at all.
    return false;
  }
}
