import type { BundleSource, Problem } from "../bundle-source.ts";
import { type Manifest, manifestSchema, type Seal, sealSchema } from "../manifest-schema.ts";
import { compareFiles } from "./compare-files.ts";
import { EXPORT_EXTRAS, readWithheld, type Withheld } from "./export-note.ts";
import { type ReadDocument, readJson } from "./read-document.ts";
import { checkLogProof, type LogFacts } from "./read-log-proof.ts";
import { sealProblems } from "./seal-problems.ts";
import type { VerifyCrypto } from "./verify-crypto.ts";

/** What an intact manifest and seal say; a claim of whoever sealed it until the key is compared. */
export interface BundleFacts {
  readonly cameraId: string;
  readonly cameraName: string;
  readonly place: string;
  readonly violation: string;
  /** `lead`: by its own manifest it lacks what a record must have to be offered as evidence. */
  readonly grade: Manifest["capture"]["grade"];
  readonly startedAt: string;
  readonly triggeredAt: string;
  readonly signedAt: string | null;
  readonly sequence: number;
  readonly previousManifestSha256: string | null;
  readonly manifestSha256: string;
  readonly keyId: string | null;
  /** `not_checked`: nobody said which keys to trust, so the bundle alone cannot tell who sealed it. */
  readonly keyTrust: "trusted" | "untrusted" | "not_checked";
  readonly software: string;
  readonly files: number;
  readonly sizeBytes: number;
}

export interface VerifyResult {
  /** Nothing was changed, lost or added since it was sealed; `withheld` may be missing. */
  readonly ok: boolean;
  /** From the manifest; null when that cannot be read. */
  readonly bundleId: string | null;
  readonly problems: readonly Problem[];
  readonly facts: BundleFacts | null;
  /** Originals that an export leaves out on purpose: not looked at, only their hashes are known. Null: none. */
  readonly withheld: Withheld | null;
  /** Where the site's evidence log has it; null without a proof, or when the proof is not good. */
  readonly log: LogFacts | null;
  /** What came with an export and stands under no seal; no verdict rests on it. */
  readonly unsealed: readonly string[];
}

export interface VerifyOptions {
  /** Public keys (SPKI, PEM) one of which must have sealed it. Without them only wholeness is judged. */
  readonly trustedKeys?: readonly string[];
  /**
   * Takes what an export adds (`EXPORT_EXTRAS`) and leaves out. Never for a bundle in our own keeping: there both would
   * be a fault.
   */
  readonly allowExport?: boolean;
  /** Called with how many bytes are checked, of how many. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/** Says whether a bundle is as it was sealed and names everything that is not. The same on every host. */
export async function verifySource(
  source: BundleSource,
  crypto: VerifyCrypto,
  options: VerifyOptions = {},
): Promise<VerifyResult> {
  const manifest = await readJson(source, "manifest", manifestSchema, crypto);
  const seal = await readJson(source, "seal", sealSchema, crypto);
  const { withheld, problems: exportProblems } = options.allowExport
    ? await readWithheld(source, manifest, crypto)
    : { withheld: null, problems: [] };
  const { log, problems: logProblems } = await logProofOf(source, manifest, seal.value, crypto, options);
  const problems: Problem[] = [
    ...source.problems,
    ...manifest.problems,
    ...seal.problems,
    ...exportProblems,
    ...logProblems,
    ...sealProblems(seal.value, manifest, options.trustedKeys, crypto),
    ...(manifest.value === undefined ? [] : await fileProblems(source, manifest.value, withheld, options)),
  ];
  return {
    ok: problems.length === 0,
    bundleId: manifest.value?.bundleId ?? null,
    problems,
    facts: factsOf(manifest, seal.value, problems, options),
    withheld,
    log,
    unsealed: options.allowExport
      ? source.entries.map((entry) => entry.path).filter((path) => EXPORT_EXTRAS.includes(path))
      : [],
  };
}

async function logProofOf(
  source: BundleSource,
  manifest: ReadDocument<Manifest>,
  seal: Seal | undefined,
  crypto: VerifyCrypto,
  { allowExport, trustedKeys }: VerifyOptions,
): Promise<{ log: LogFacts | null; problems: readonly Problem[] }> {
  if (!allowExport || manifest.value === undefined || manifest.sha256 === undefined)
    return { log: null, problems: [] };
  const { bundleId } = manifest.value;
  const keys = trustedKeys === undefined ? {} : { trustedKeys };
  const expected = { manifestSha256: manifest.sha256, bundleId, sealKey: seal?.publicKey, ...keys };
  return checkLogProof(source, expected, crypto);
}

function fileProblems(
  source: BundleSource,
  manifest: Manifest,
  withheld: Withheld | null,
  { allowExport, onProgress }: VerifyOptions,
): Promise<Problem[]> {
  const totalBytes =
    manifest.files.reduce((sum, file) => sum + file.sizeBytes, 0) - (withheld?.sizeBytes ?? 0);
  let doneBytes = 0;
  return compareFiles(source, manifest, {
    withheld: new Set(withheld?.paths),
    extras: new Set(allowExport ? EXPORT_EXTRAS : []),
    onBytes: (bytes) => {
      doneBytes += bytes;
      onProgress?.(doneBytes, totalBytes);
    },
  });
}

function factsOf(
  { value: manifest, sha256 }: ReadDocument<Manifest>,
  seal: Seal | undefined,
  problems: readonly Problem[],
  options: VerifyOptions,
): BundleFacts | null {
  if (manifest === undefined || sha256 === undefined) return null;
  const untrusted = seal === undefined || problems.some((problem) => problem.code.startsWith("seal."));
  const keyTrust = options.trustedKeys === undefined ? "not_checked" : untrusted ? "untrusted" : "trusted";
  return {
    cameraId: manifest.camera.id,
    cameraName: manifest.camera.name,
    place: manifest.camera.location.place,
    violation: manifest.violation,
    grade: manifest.capture.grade,
    startedAt: manifest.candidate.startedAt,
    triggeredAt: manifest.candidate.triggeredAt,
    signedAt: seal?.signedAt ?? null,
    sequence: manifest.sequence,
    previousManifestSha256: manifest.previousManifestSha256,
    manifestSha256: sha256,
    keyId: seal?.keyId ?? null,
    keyTrust,
    software: `${manifest.software.name} ${manifest.software.version}`,
    files: manifest.files.length,
    sizeBytes: manifest.files.reduce((sum, file) => sum + file.sizeBytes, 0),
  };
}

/** Whether it holds anything of a bundle; a sound container of other things is none. */
export function holdsBundle(source: BundleSource): boolean {
  return source.entries.some(({ path }) => path === "manifest.json" || path === "seal.json");
}
