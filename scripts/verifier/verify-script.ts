import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { NotABundleError } from "../../pipeline/evidence/errors.ts";
import { printable } from "../../pipeline/evidence/portable/printable.ts";
import { readPublicKeys } from "../../pipeline/evidence/portable/public-key.ts";
import {
  factLines,
  LIMITS,
  problemText,
  verdictOf,
  withheldText,
} from "../../pipeline/evidence/portable/verdict-text.ts";
import type { VerifyResult } from "../../pipeline/evidence/portable/verify-source.ts";
import { looksLikeBundle, verifyBundle } from "../../pipeline/evidence/verify.ts";

const USAGE = `用法 usage: node verify.mjs [文件夹或 zip · folder or zip] [--trusted-key 公钥.pem] [--json]
不给路径时，核验本文件所在的文件夹。Without a path it checks the folder it lies in.
退出码 exit codes: 0 完整 intact · 1 已损坏 broken · 2 没有证据包 nothing here to verify`;

/** What the script wants said and done, so that it can be tried without a process. */
export interface ScriptOutcome {
  readonly exitCode: 0 | 1 | 2;
  readonly output: readonly string[];
  readonly errors: readonly string[];
}

/**
 * verify.mjs: the check of `forewarn verify` for one bundle, as the single file that travels in every export. Reads
 * only what it is pointed at; no network.
 *
 * @param ownFolder where the script lies: what is checked when no path is given
 */
export async function runVerifyScript(args: readonly string[], ownFolder: string): Promise<ScriptOutcome> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return refused(`${printable(error instanceof Error ? error.message : String(error))}\n${USAGE}`);
  }
  const { values, positionals } = parsed;
  if (values.help) return { exitCode: 0, output: [USAGE], errors: [] };
  if (positionals.length > 1) return refused(USAGE);
  try {
    const trustedKeys = await readKeys(values["trusted-key"] ?? []);
    const path = positionals[0] ?? (await bundleIn(ownFolder));
    const options = { allowExport: true, ...(trustedKeys.length > 0 ? { trustedKeys } : {}) };
    const result = await verifyBundle(path, options);
    const output = values.json ? [JSON.stringify({ type: "bundle", path, ...result })] : report(path, result);
    // Names and texts come from whoever made the zip: none may look like a line of ours.
    return { exitCode: result.ok ? 0 : 1, output: output.map(printable), errors: [] };
  } catch (error) {
    if (error instanceof NotABundleError || error instanceof KeyFileError)
      return refused(printable(error.message));
    throw error;
  }
}

class KeyFileError extends Error {}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      "trusted-key": { type: "string", multiple: true },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
}

function refused(message: string): ScriptOutcome {
  return { exitCode: 2, output: [], errors: [message] };
}

async function readKeys(files: readonly string[]): Promise<string[]> {
  const keys: string[] = [];
  for (const file of files) {
    const text = await readFile(file, "utf8").catch(() => "");
    const found = readPublicKeys(text);
    if (found === undefined)
      throw new KeyFileError(
        `--trusted-key ${file}: 不是公钥文件 · holds no Ed25519 or SM2 public keys (PEM, BEGIN PUBLIC KEY)`,
      );
    keys.push(...found);
  }
  return keys;
}

/** The folder itself, or the only zip in it: where people put a script that they took from elsewhere. */
async function bundleIn(folder: string): Promise<string> {
  if (await looksLikeBundle(folder)) return folder;
  const zips = (await readdir(folder)).filter((name) => name.toLowerCase().endsWith(".zip"));
  const only = zips.length === 1 && zips[0] !== undefined ? join(folder, zips[0]) : undefined;
  return only !== undefined && (await stat(only)).isFile() ? only : folder;
}

function report(path: string, result: VerifyResult): string[] {
  return [
    `${verdictOf(result)}  ${path}`,
    ...result.problems.map((problem) => `  ✗ ${problemText(problem)}`),
    ...(result.withheld === null ? [] : [`  ! ${withheldText(result.withheld)}`]),
    ...factLines(result).map(({ label, value }) => `  ${label}: ${value}`),
    ...LIMITS.flatMap(([chinese, english]) => [`  · ${chinese}`, `    ${english}`]),
  ];
}
