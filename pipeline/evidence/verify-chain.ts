import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Problem } from "./bundle-source.ts";
import { NotABundleError } from "./errors.ts";
import type { VerifyOptions, VerifyResult } from "./portable/verify-source.ts";
import { looksLikeBundle, verifyBundle } from "./verify.ts";

/** One bundle of a chain, as far as the chain is concerned. */
export interface ChainMember {
  readonly cameraId: string;
  readonly bundleId: string;
  readonly sequence: number;
  readonly manifestSha256: string;
  readonly previousManifestSha256: string | null;
}

/** One camera's bundles taken together. */
export interface ChainResult {
  readonly cameraId: string;
  readonly ok: boolean;
  readonly bundles: number;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly problems: readonly Problem[];
}

/**
 * Looks at the bundles of any number of cameras as chains. Pure. Names numbers that are missing (`chain.gap`), two
 * bundles with one number (`chain.fork`) and bundles that do not follow the one before them (`chain.broken_link`).
 * A gap may be lawful (rejected incidents are deleted in time): whoever deletes keeps a record that explains it.
 */
export function checkChains(members: readonly ChainMember[]): ChainResult[] {
  const cameras = [...new Set(members.map((member) => member.cameraId))].sort();
  return cameras.map((cameraId) =>
    checkChain(
      cameraId,
      members.filter((m) => m.cameraId === cameraId),
    ),
  );
}

function checkChain(cameraId: string, members: readonly ChainMember[]): ChainResult {
  const problems: Problem[] = [];
  const bySequence = new Map<number, ChainMember[]>();
  for (const member of members) {
    const same = bySequence.get(member.sequence) ?? [];
    // The same bundle as folder and as zip is one bundle.
    if (!same.some((other) => other.manifestSha256 === member.manifestSha256)) same.push(member);
    bySequence.set(member.sequence, same);
  }
  const sequences = [...bySequence.keys()].sort((a, b) => a - b);
  let before = 0;
  for (const sequence of sequences) {
    const here = bySequence.get(sequence) ?? [];
    if (sequence > before + 1) problems.push(gap(before + 1, sequence - 1));
    if (here.length > 1) problems.push(fork(sequence, here));
    const previous = bySequence.get(sequence - 1);
    for (const member of previous === undefined ? [] : here)
      if (!previous?.some((other) => other.manifestSha256 === member.previousManifestSha256))
        problems.push(brokenLink(member));
    before = sequence;
  }
  return {
    cameraId,
    ok: problems.length === 0,
    bundles: members.length,
    firstSequence: sequences[0] ?? 0,
    lastSequence: before,
    problems,
  };
}

function gap(from: number, to: number): Problem {
  const numbers = from === to ? `number ${from} is` : `numbers ${from} to ${to} are`;
  return { code: "chain.gap", message: `${numbers} missing` };
}

function fork(sequence: number, members: readonly ChainMember[]): Problem {
  const ids = members.map((member) => member.bundleId).sort();
  return { code: "chain.fork", message: `number ${sequence} was given more than once: ${ids.join(", ")}` };
}

function brokenLink(member: ChainMember): Problem {
  return {
    code: "chain.broken_link",
    file: member.bundleId,
    message: `${member.bundleId} (number ${member.sequence}) does not follow the bundle of number ${member.sequence - 1}`,
  };
}

/** Result of one bundle inside a folder of bundles. */
export interface NamedResult extends VerifyResult {
  readonly path: string;
}

/**
 * Verifies every bundle directly inside `dir` (folders and zips), then each camera's chain over them.
 *
 * @param onBundle called after each, with how many there are: for a progress bar.
 * @throws NotABundleError when there is none.
 */
export async function verifyBundles(
  dir: string,
  options: VerifyOptions = {},
  onBundle: (result: NamedResult, total: number) => void = () => undefined,
): Promise<{ bundles: NamedResult[]; chains: ChainResult[] }> {
  const paths = await bundlesIn(dir);
  if (paths.length === 0)
    throw new NotABundleError(`${dir} is neither an evidence bundle nor a folder that holds some.`);
  const bundles: NamedResult[] = [];
  for (const path of paths) {
    const result = { path, ...(await verifyBundle(path, options)) };
    bundles.push(result);
    onBundle(result, paths.length);
  }
  return { bundles, chains: checkChains(bundles.flatMap(memberOf)) };
}

async function bundlesIn(dir: string): Promise<string[]> {
  const paths: string[] = [];
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.name.startsWith(".")) continue;
    if (entry.isFile() && entry.name.toLowerCase().endsWith(".zip")) paths.push(path);
    if (entry.isDirectory() && (await looksLikeBundle(path))) paths.push(path);
  }
  return paths.sort();
}

/** A bundle whose manifest cannot be read has no place in any chain: it leaves a gap there. */
function memberOf({ bundleId, facts }: VerifyResult): ChainMember[] {
  if (facts === null || bundleId === null) return [];
  const { cameraId, sequence, manifestSha256, previousManifestSha256 } = facts;
  return [{ cameraId, bundleId, sequence, manifestSha256, previousManifestSha256 }];
}
