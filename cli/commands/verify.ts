import { readFile, stat } from "node:fs/promises";
import { SingleBar } from "cli-progress";
import type { Command } from "commander";
import { InvalidInputError, UsageError } from "../../pipeline/domain/errors.ts";
import { NotABundleError } from "../../pipeline/evidence/errors.ts";
import { parsePublicKeys } from "../../pipeline/evidence/site-key.ts";
import { looksLikeBundle, type VerifyResult, verifyBundle } from "../../pipeline/evidence/verify.ts";
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
      "public key (PEM) that must have sealed it; may be given more than once",
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
  forewarn verify out/                                        all of them, and that no number is missing

Exit codes: 0 intact · 1 broken · 2 nothing here to verify`,
    )
    .action(async (path: string, flags: VerifyFlags) => {
      process.exitCode = (await run(path, flags)) ? 0 : 1;
    });
}

async function run(path: string, flags: VerifyFlags): Promise<boolean> {
  const trustedKeys = await readTrustedKeys(flags.trustedKey);
  const options = trustedKeys.length > 0 ? { trustedKeys } : {};
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
    let text: string;
    try {
      text = await readFile(file, "utf8");
    } catch (cause) {
      throw new UsageError(`--trusted-key ${file} cannot be read.`, { cause });
    }
    const found = parsePublicKeys(text);
    if (found === undefined)
      throw new InvalidInputError(file, [
        { path: "", message: "holds something that is no Ed25519 public key (PEM, BEGIN PUBLIC KEY)" },
      ]);
    keys.push(...found);
  }
  return keys;
}

function print(flags: VerifyFlags, json: object, text: string): void {
  console.log(flags.json ? JSON.stringify(json) : text);
}

function bundleLine(result: NamedResult): object {
  const { path, ok, bundleId, problems, facts } = result;
  return { type: "bundle", path, ok, bundleId, problems, facts };
}

function bundleText(result: NamedResult): string {
  const lines = [`${result.ok ? "INTACT 完整" : "BROKEN 已损坏"}  ${result.path}`];
  for (const problem of result.problems) lines.push(`  ✗ ${problem.message}  [${problem.code}]`);
  return [...lines, ...factLines(result.facts)].join("\n");
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

function chainText(chain: ChainResult): string {
  const head =
    `${chain.ok ? "CHAIN WHOLE 链完整" : "CHAIN BROKEN 链有缺口"}  camera ${chain.cameraId}: ` +
    `${chain.bundles} bundles, numbers ${chain.firstSequence}–${chain.lastSequence}`;
  return [head, ...chain.problems.map((problem) => `  ✗ ${problem.message}  [${problem.code}]`)].join("\n");
}
