import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { loadConfig } from "../../config/env.ts";
import { InvalidInputError, UsageError } from "../../pipeline/domain/errors.ts";
import type { BundleSource } from "../../pipeline/evidence/bundle-source.ts";
import { NotABundleError } from "../../pipeline/evidence/errors.ts";
import { type ExportResult, exportBundle } from "../../pipeline/evidence/export-zip.ts";
import { readKeyList } from "../../pipeline/evidence/key-folder.ts";
import { readPublicKeys } from "../../pipeline/evidence/portable/public-key.ts";
import { openBundle } from "../../pipeline/evidence/verify.ts";
import { readVerifierFiles } from "../../runtime/verifier-files.ts";
import { exportFromStore, purposeLines } from "./export-stored.ts";

const STORED_ID = /^(?:inc|cnd)_\w+$/;

interface ExportFlags {
  readonly out: string;
  readonly masked?: true;
  readonly siteKeys?: string;
  readonly proof?: string;
  readonly why?: string;
  readonly by?: string;
  readonly json?: true;
}

/** `forewarn export`: exit 0 written, 1 the bundle is broken or the zip could not be written, 2 wrong usage. */
export function registerExport(program: Command): void {
  program
    .command("export")
    .description("hand out a bundle (证据包) as one zip that anyone can check, the verifier inside")
    .argument("<bundle>", "its folder or a zip of it; or inc_… or cnd_…, as this installation has stored it")
    .requiredOption("--out <file>", "the zip; nothing may be there yet")
    .option("--masked", "without originals: for anyone outside. The note inside says what was left out")
    .option("--site-keys <file>", "public keys of the site (PEM); default: those of the data folder, if any")
    .option("--proof <file>", "log-proof.json, as `forewarn log prove` writes it")
    .option("--why <purpose>", "of a stored bundle: what it is handed out for, listed below")
    .option(
      "--by <login>",
      "of a stored bundle: who takes it; originals only with a running grant for the purpose",
    )
    .option("--json", "one JSON object on stdout")
    .addHelpText(
      "after",
      `
A bundle that is not as it was sealed is not handed out. The zip holds the bundle's files unchanged, verify.mjs,
verify.html and a README with three ways to check.

A stored bundle, whose originals are encrypted, is exported by its id with --why and --by: inside that person's regions,
originals by their grant (申请查看原始证据 at the review desk), with the site's keys and the proof from the log. Timeline and
evidence log then say who was named, what left and for what. Of a path nothing is written down.

Purposes:
${purposeLines}

Examples:
  forewarn export out/cnd_1f0c --out cnd_1f0c.zip --masked   for the citizen
  forewarn export out/cnd_1f0c --out court/cnd_1f0c.zip      with originals, for the court
  forewarn export inc_01k… --masked --why inform_party --by limin --out inc.zip

Exit codes: 0 written · 1 not written · 2 wrong usage`,
    )
    .action(run);
}

async function run(bundle: string, flags: ExportFlags): Promise<void> {
  const { why, by } = flags;
  const isStored = why !== undefined || by !== undefined;
  const result = isStored ? await exportById(bundle, flags) : await exportPath(bundle, flags);
  console.log(
    flags.json ? JSON.stringify({ type: "export", path: flags.out, ...result }) : text(flags.out, result),
  );
}

async function exportById(id: string, flags: ExportFlags): Promise<ExportResult> {
  const { why, by, out } = flags;
  if (why === undefined || by === undefined)
    throw new UsageError(
      "A stored bundle is exported with both --why and --by: the evidence log names them.",
    );
  if (flags.siteKeys !== undefined || flags.proof !== undefined)
    throw new UsageError(
      "Keys and proof of a stored bundle are this installation's: leave --site-keys and --proof out.",
    );
  return exportFromStore({ id, out, include: includeOf(flags), why, by });
}

async function exportPath(path: string, flags: ExportFlags): Promise<ExportResult> {
  return exportBundle({
    source: await openGiven(path),
    outPath: flags.out,
    include: includeOf(flags),
    exportedAt: Date.now(),
    verifier: await readVerifierFiles(),
    publicKeys: flags.siteKeys === undefined ? await ownKeys() : await keysFrom(flags.siteKeys),
    ...(flags.proof === undefined ? {} : { proof: await readInput("--proof", flags.proof) }),
  });
}

function includeOf({ masked }: ExportFlags): "masked" | "all" {
  return masked ? "masked" : "all";
}

async function openGiven(path: string): Promise<BundleSource> {
  return openBundle(path).catch((error: unknown) => {
    if (error instanceof NotABundleError) {
      const hint = STORED_ID.test(path) ? " A stored bundle is exported with --why and --by." : "";
      throw new UsageError(error.message + hint, { cause: error });
    }
    throw error;
  });
}

function text(path: string, { bundleId, facts, withheld }: ExportResult): string {
  const originals =
    withheld.length === 0 ? "with originals 含原件" : `without its ${withheld.length} originals 未附原件`;
  return `WRITTEN 已导出  ${path}\n  bundle ${bundleId}, ${originals}, sealed with key ${facts.keyId ?? "–"}`;
}

/** Every key this installation has sealed with; none where it never did. */
async function ownKeys(): Promise<string[]> {
  const list = await readKeyList(join(loadConfig().dataDir, "keys"));
  return (list?.keys ?? []).map(({ publicKey }) => publicKey);
}

async function keysFrom(file: string): Promise<string[]> {
  const keys = readPublicKeys((await readInput("--site-keys", file)).toString("utf8"));
  if (keys !== undefined) return keys;
  throw new InvalidInputError(file, [
    { path: "", message: "holds something that is no Ed25519 or SM2 public key (PEM, BEGIN PUBLIC KEY)" },
  ]);
}

async function readInput(option: string, file: string): Promise<Buffer> {
  return readFile(file).catch((cause: unknown) => {
    throw new UsageError(`${option} ${file} cannot be read.`, { cause });
  });
}
