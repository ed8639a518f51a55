import { readFile, stat } from "node:fs/promises";
import { SingleBar } from "cli-progress";
import type { Command } from "commander";
import { InvalidInputError, UsageError } from "../../pipeline/domain/errors.ts";
import { NotABundleError } from "../../pipeline/evidence/errors.ts";
import { parseKeyList } from "../../pipeline/evidence/key-list.ts";
import { nodeCrypto } from "../../pipeline/evidence/node-crypto.ts";
import { printable } from "../../pipeline/evidence/portable/printable.ts";
import { readPublicKeys } from "../../pipeline/evidence/portable/public-key.ts";
import { verdictOf, withheldText } from "../../pipeline/evidence/portable/verdict-text.ts";
import type { VerifyOptions, VerifyResult } from "../../pipeline/evidence/portable/verify-source.ts";
import { looksLikeBundle, verifyBundle } from "../../pipeline/evidence/verify.ts";
import { type ChainResult, type NamedResult, verifyBundles } from "../../pipeline/evidence/verify-chain.ts";

interface VerifyFlags {
  readonly json?: true;
  readonly trustedKey: readonly string[];
}

/** `forewarn verify`: exit 0 intact, 1 broken, 2 nothing to verify. No network, no database. */
export function registerVerify(program: Command): void {
  program
    .command("verify")
    .description("is an evidence bundle (证据包) whole, who sealed it, and what is broken if not")
    .argument("<path>", "a bundle: its folder or a zip of it; or a folder that holds many")
    .option("--json", "one JSON object a line: every bundle, then every camera's chain")
    .option(
      "--trusted-key <file>",
      "public keys one of which must have sealed it: PEM, or a site's site-keys.json; may be given more than once",
      (file: string, before: readonly string[]) => [...before, file],
      [] as readonly string[],
    )
    .addHelpText(
      "after",
      `
Without --trusted-key it says whether the bundle is as it was sealed, not by whom: compare the key id it prints
with the one the site publishes. docs/verify.md shows how to check by hand, with sha256sum, openssl and jq.

Examples:
  forewarn verify out/cnd_1f0c                                one bundle
  forewarn verify cnd_1f0c.zip --trusted-key site-key.pub.pem and sealed by this site
  forewarn verify cnd_1f0c.zip --trusted-key site-keys.json   also with a key it had before
  forewarn verify out/                                        all of them, and that no number is missing

Exit codes: 0 intact · 1 broken · 2 nothing here to verify`,
    )
    .action(async (path: string, flags: VerifyFlags) => {
      process.exitCode = (await run(path, flags)) ? 0 : 1;
    });
}

async function run(path: string, flags: VerifyFlags): Promise<boolean> {
  const trustedKeys = await readTrustedKeys(flags.trustedKey);
  // What a citizen holds in hand is an export: with a verifier beside the bundle, perhaps without originals.
  const options: VerifyOptions = { allowExport: true, ...(trustedKeys.length > 0 ? { trustedKeys } : {}) };
  try {
    if (await isOneBundle(path)) {
      const result = { path, ...(await verifyBundle(path, options)) };
      print(flags, bundleLine(result), bundleText(result));
      return result.ok;
    }
    const { bundles, chains } = await verifyWithProgress(path, options);
    for (const result of bundles) print(flags, bundleLine(result), bundleText(result));
    for (const chain of chains) print(flags, { type: "chain", ...chain }, chainText(chain));
    return bundles.every((result) => result.ok) && chains.every((chain) => chain.ok);
  } catch (error) {
    if (error instanceof NotABundleError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

async function isOneBundle(path: string): Promise<boolean> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  // What is not there is verifyBundle's to say.
  return !isThere || looksLikeBundle(path);
}

async function verifyWithProgress(path: string, options: Parameters<typeof verifyBundles>[1]) {
  if (!process.stderr.isTTY) return verifyBundles(path, options);
  const bar = new SingleBar({ format: "verifying {bar} {value}/{total} bundles", stream: process.stderr });
  let done = 0;
  try {
    return await verifyBundles(path, options, (_result, total) => {
      if (done === 0) bar.start(total, 0);
      done += 1;
      bar.update(done);
    });
  } finally {
    if (done > 0) bar.stop();
  }
}

async function readTrustedKeys(files: readonly string[]): Promise<string[]> {
  const keys: string[] = [];
  for (const file of files) {
    let bytes: Buffer;
    try {
      bytes = await readFile(file);
    } catch (cause) {
      throw new UsageError(`--trusted-key ${file} cannot be read.`, { cause });
    }
    keys.push(...keysIn(file, bytes));
  }
  return keys;
}

/** Of a PEM file, or of a key list (`forewarn-keys/1`), every key of which follows from the one before it. */
function keysIn(file: string, bytes: Buffer): string[] {
  const text = bytes.toString("utf8");
  if (text.trimStart().startsWith("{")) {
    try {
      return parseKeyList(bytes, nodeCrypto).keys.map(({ publicKey }) => publicKey);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      const message = `is no list of keys that follow from each other (forewarn-keys/1): ${why}. Get it again from the site that publishes it.`;
      throw new InvalidInputError(file, [{ path: "", message }], { cause });
    }
  }
  const found = readPublicKeys(text);
  if (found !== undefined) return found;
  throw new InvalidInputError(file, [
    {
      path: "",
      message:
        "holds something that is no Ed25519 or SM2 public key (PEM, BEGIN PUBLIC KEY) and no list of keys (site-keys.json)",
    },
  ]);
}

/** Names and texts come from whoever made the bundle: none may look like a line of ours. */
function print(flags: VerifyFlags, json: object, lines: readonly string[]): void {
  const output = flags.json ? [JSON.stringify(json)] : lines;
  for (const line of output) console.log(printable(line));
}

function bundleLine(result: NamedResult): object {
  const { path, ok, bundleId, problems, facts, withheld, unsealed } = result;
  return { type: "bundle", path, ok, bundleId, problems, facts, withheld, unsealed };
}

function bundleText(result: NamedResult): string[] {
  const lines = [`${verdictOf(result)}  ${result.path}`];
  for (const problem of result.problems) lines.push(`  ✗ ${problem.message}  [${problem.code}]`);
  if (result.withheld !== null) lines.push(`  ${withheldText(result.withheld)}`);
  return [...lines, ...factLines(result.facts)];
}

function factLines(facts: VerifyResult["facts"]): string[] {
  if (facts === null) return [];
  const key = {
    trusted: "a trusted key",
    untrusted: "NOT proven to be by a trusted key",
    not_checked: "compare with the site's published key",
  }[facts.keyTrust];
  return [
    `  camera ${facts.cameraName} (${facts.cameraId}), number ${facts.sequence}, ${facts.violation}, triggered ${facts.triggeredAt}`,
    `  ${facts.files} files, ${facts.sizeBytes} bytes, manifest sha256 ${facts.manifestSha256}`,
    `  sealed ${facts.signedAt ?? "(no readable seal)"} with key ${facts.keyId ?? "–"}: ${key}`,
  ];
}

function chainText(chain: ChainResult): string[] {
  const head =
    `${chain.ok ? "CHAIN WHOLE 链完整" : "CHAIN BROKEN 链有缺口"}  camera ${chain.cameraId}: ` +
    `${chain.bundles} bundles, numbers ${chain.firstSequence}–${chain.lastSequence}`;
  return [head, ...chain.problems.map((problem) => `  ✗ ${problem.message}  [${problem.code}]`)];
}
