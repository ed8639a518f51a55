import { mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { parseJsonBytes } from "./canonical-json.ts";
import { createFileOnce, errnoOf, replaceFile } from "./durable-fs.ts";
import { ChainBusyError, ChainStateError } from "./errors.ts";
import { sha256Hex } from "./hash.ts";
import { bundleIdSchema, type ChainLink, type Manifest, manifestSchema } from "./manifest-schema.ts";
import { keepFresh, mayStillWrite, thisWriter } from "./writer-identity.ts";

const headSchema = z.strictObject({
  cameraId: z.string().min(1),
  sequence: z.int().min(1),
  manifestSha256: z.string().regex(/^[0-9a-f]{64}$/),
});
type Head = z.infer<typeof headSchema>;

const claimSchema = z.strictObject({
  cameraId: z.string().min(1),
  bundleId: bundleIdSchema,
  host: z.string(),
  pid: z.int(),
  token: z.string(),
});

/** What `append` needs to know of a written bundle. */
export interface ChainedBundle {
  readonly manifest: { readonly sequence: number };
  readonly manifestSha256: string;
}

/**
 * Numbers each camera's bundles 1, 2, 3 … and remembers the last one's hash. A number is used up only when its
 * bundle is in place: a crash before loses nothing, a crash after is noticed from the bundle itself.
 */
export interface ChainStore {
  /** What the camera's next bundle will be. */
  nextLink(cameraId: string): Promise<ChainLink>;
  /**
   * Writes the camera's next bundle: `write` gets the link and puts the bundle in place under its id. One at a time
   * per camera, also across processes on one machine. When `write` fails or finds the bundle there already, no
   * number is used.
   *
   * @throws ChainBusyError (try again) while another process writes for this camera
   */
  append<T extends ChainedBundle>(
    cameraId: string,
    bundleId: string,
    write: (link: ChainLink) => Promise<T>,
  ): Promise<T>;
  /** Settles what a crash left open. Run at start, before spooled bundles are sent away. */
  recover(): Promise<void>;
  /**
   * Makes sure that the chain knows of a bundle that is in place, before it is taken away: whoever put it there may
   * have died, or met a full disk, before it could say so, and its number would be given to another.
   *
   * @throws ChainBusyError (try again) while it is being put there
   */
  settle(cameraId: string, bundleId: string): Promise<void>;
}

/** Claims that this process works under right now; any other with its token is a leftover of a failure. */
const atWork = new Set<string>();

/**
 * @param dir one small file per camera lives here
 * @param bundlesDir where bundles are put in place (`outDir` of `writeBundle`)
 */
export function openChainStore(dir: string, bundlesDir: string): ChainStore {
  const queues = new Map<string, Promise<unknown>>();
  /** One after the other per camera within this process. */
  const inTurn = <T>(cameraId: string, work: () => Promise<T>): Promise<T> => {
    const turn = (queues.get(cameraId) ?? Promise.resolve()).then(work, work);
    const settled = turn
      .catch(() => undefined)
      .then(() => {
        if (queues.get(cameraId) === settled) queues.delete(cameraId);
      });
    queues.set(cameraId, settled);
    return turn;
  };
  const files = (cameraId: string) => {
    // Camera ids come from configuration and need not be file names.
    const stem = join(dir, sha256Hex(Buffer.from(cameraId)).slice(0, 32));
    return { head: `${stem}.head.json`, claim: `${stem}.claim.json` };
  };

  /** What the claim was for is in place or it is not: then the claim has done its work. */
  async function closeClaim(claimPath: string, bundleId: string): Promise<void> {
    const placed = await readPlaced(bundlesDir, bundleId);
    if (placed !== undefined) await advance(placed);
    await rm(claimPath, { force: true });
  }

  /** @param onlyFor leaves a claim for any other bundle alone */
  async function settleClaim(claimPath: string, onlyFor?: string): Promise<void> {
    const claim = await readState(claimPath, claimSchema);
    if (claim === undefined) return;
    const { pid, token, cameraId, bundleId } = claim.value;
    if (onlyFor !== undefined && onlyFor !== bundleId) return;
    const isOurs = token === thisWriter.token;
    if (isOurs ? atWork.has(claimPath) : mayStillWrite(claim.value, Date.now() - claim.mtimeMs))
      throw new ChainBusyError(`Process ${pid} is writing a bundle of camera ${cameraId}.`);
    await closeClaim(claimPath, bundleId);
  }

  async function advance(placed: Head): Promise<void> {
    const { head } = files(placed.cameraId);
    const current = await readState(head, headSchema);
    if (current !== undefined && current.value.sequence >= placed.sequence) return;
    await replaceFile(head, Buffer.from(JSON.stringify(placed)));
  }

  async function linkAfterHead(cameraId: string): Promise<ChainLink> {
    const { head } = files(cameraId);
    const last = (await readState(head, headSchema))?.value ?? (await newestPlaced(bundlesDir, cameraId));
    return last === undefined
      ? { sequence: 1, previousManifestSha256: null }
      : { sequence: last.sequence + 1, previousManifestSha256: last.manifestSha256 };
  }

  /**
   * A claim that cannot be closed (the disk is full) stays: it says that the bundle may be in place though the head
   * does not know of it, and is closed by whoever comes next.
   */
  async function writeClaimed<T extends ChainedBundle>(
    claim: string,
    cameraId: string,
    bundleId: string,
    write: (link: ChainLink) => Promise<T>,
  ): Promise<T> {
    let written: T;
    try {
      written = await write(await linkAfterHead(cameraId));
    } catch (error) {
      // It may have failed after the bundle was in place.
      await closeClaim(claim, bundleId);
      throw error;
    }
    // By what write says, not by the disk: the bundle may already have been sent away.
    const { manifest, manifestSha256 } = written;
    await advance({ cameraId, sequence: manifest.sequence, manifestSha256 });
    await rm(claim, { force: true });
    return written;
  }

  return {
    nextLink: (cameraId) =>
      inTurn(cameraId, async () => {
        await settleClaim(files(cameraId).claim);
        return linkAfterHead(cameraId);
      }),

    append: <T extends ChainedBundle>(
      cameraId: string,
      bundleId: string,
      write: (link: ChainLink) => Promise<T>,
    ) =>
      inTurn(cameraId, async () => {
        await mkdir(dir, { recursive: true });
        const { claim } = files(cameraId);
        await settleClaim(claim);
        await takeClaim(claim, cameraId, bundleId);
        atWork.add(claim);
        const rest = keepFresh(claim);
        try {
          return await writeClaimed(claim, cameraId, bundleId, write);
        } finally {
          rest();
          atWork.delete(claim);
        }
      }),

    async recover() {
      for (const name of await readdir(dir).catch(noneWhenMissing))
        if (name.endsWith(".claim.json")) await settleClaim(join(dir, name)).catch(leaveToOwner);
    },

    settle: (cameraId, bundleId) => settleClaim(files(cameraId).claim, bundleId),
  };
}

/** Another process is at work there: nothing was left open. */
function leaveToOwner(error: unknown): void {
  if (!(error instanceof ChainBusyError)) throw error;
}

async function takeClaim(path: string, cameraId: string, bundleId: string): Promise<void> {
  const claim = Buffer.from(JSON.stringify({ cameraId, bundleId, ...thisWriter }));
  if (!(await createFileOnce(path, claim)))
    throw new ChainBusyError(`Another process has just begun a bundle of camera ${cameraId}.`);
}

async function readState<T>(
  path: string,
  schema: z.ZodType<T>,
): Promise<{ value: T; mtimeMs: number } | undefined> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(path, "r");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
  try {
    const { mtimeMs } = await handle.stat();
    return { value: schema.parse(parseJsonBytes(await handle.readFile())), mtimeMs };
  } catch (cause) {
    throw new ChainStateError(
      `${path} is damaged. Delete it: the chain is then taken up again from the newest bundle that is there.`,
      { cause },
    );
  } finally {
    await handle.close();
  }
}

/**
 * The bundle under its final name, where it is whole because it came by a rename. A manifest that was spoilt later
 * counts for nothing here: one damaged bundle must not stop its camera, and `verify` names it.
 */
async function readPlaced(bundlesDir: string, name: string): Promise<Head | undefined> {
  const path = join(bundlesDir, name, "manifest.json");
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
  const manifest = parseManifest(bytes);
  if (manifest === undefined) return undefined;
  const { camera, sequence } = manifest;
  return { cameraId: camera.id, sequence, manifestSha256: sha256Hex(bytes) };
}

function parseManifest(bytes: Buffer): Manifest | undefined {
  try {
    return manifestSchema.safeParse(parseJsonBytes(bytes)).data;
  } catch {
    // Neither UTF-8 nor JSON.
    return undefined;
  }
}

/** For a camera without a head file: first bundle ever, or the chain's folder was lost. */
async function newestPlaced(bundlesDir: string, cameraId: string): Promise<Head | undefined> {
  let newest: Head | undefined;
  for (const name of await readdir(bundlesDir).catch(noneWhenMissing)) {
    if (!bundleIdSchema.safeParse(name).success) continue;
    const placed = await readPlaced(bundlesDir, name);
    if (placed?.cameraId === cameraId && placed.sequence > (newest?.sequence ?? 0)) newest = placed;
  }
  return newest;
}

function noneWhenMissing(error: unknown): string[] {
  if (errnoOf(error) === "ENOENT") return [];
  throw error;
}
