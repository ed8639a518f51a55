import { createReadStream } from "node:fs";
import { access, copyFile, link, lstat, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { Readable } from "node:stream";
import { AppError } from "../pipeline/domain/errors.ts";
import type { BundleSource } from "../pipeline/evidence/bundle-source.ts";
import { errnoOf, syncPath } from "../pipeline/evidence/durable-fs.ts";
import {
  BUNDLE_KEY_FILE,
  makeBundleKey,
  readBundleKey,
  rewrapBundleKey,
  wrappingKeyIdOf,
} from "./object-encryption/bundle-key.ts";
import {
  ENCRYPTED,
  encryptedBundleSource,
  isOriginal,
  ORIGINALS,
} from "./object-encryption/encrypted-bundle-source.ts";
import { decryptRange, encryptBytes, encryptFile, plainSizeOf } from "./object-encryption/encrypted-file.ts";
import { ObjectDamagedError, ObjectKeyError, ObjectShreddedError } from "./object-encryption/errors.ts";
import { KeyRing } from "./object-encryption/key-ring.ts";
import { bundleOf, partialOf, removeAbandoned } from "./partial-name.ts";

export class ObjectMissingError extends AppError {
  readonly code = "store.object_missing";
}

/** Where sealed bundles rest. One interface; a folder by default. */
export interface ObjectStore {
  /** Takes a copy of a bundle folder in under `key`, whole or not at all. The same key again changes nothing. */
  takeIn(key: string, folder: string): Promise<void>;
  /** Takes in one original, `name` below `originals/`, that lies in plain nowhere. The same key again changes nothing. */
  keepOriginal(key: string, name: string, bytes: Buffer): Promise<void>;
  /** Size in plain, however it is stored. Throws `ObjectMissingError`. */
  sizeOf(key: string, path: string): Promise<number>;
  /** Bytes `start` to `end`, both included, of one file of a bundle; fails where they are not as they were stored. */
  read(key: string, path: string, range: { start: number; end: number }): Readable;
  /** A stored bundle as whoever verifies or exports it sees it: in plain. Throws `ObjectMissingError`. */
  openBundle(key: string): Promise<BundleSource>;
  /**
   * Makes the originals unreadable for good, then removes the files. May be repeated after a kill; a bundle that is not
   * there is destroyed already. Only `store/retention-store.ts` and, for what parties
   * sent, `store/portal-upload-store.ts` say what may be destroyed.
   */
  destroy(key: string): Promise<void>;
  /** Where a bundle lies on this machine, as it is stored: originals encrypted. */
  localPath(key: string): string;
}

/**
 * Bundles as folders. Originals are encrypted at rest, each bundle's under a key of its own that the site's key wraps;
 * masked copies, manifest and seal stay as they are.
 */
export class FolderObjectStore implements ObjectStore {
  readonly #root: string;
  readonly #ring: KeyRing;

  /** @param keysDir where the site's keys are; beside the bundles' folder unless told otherwise */
  constructor(root: string, keysDir: string = join(dirname(resolve(root)), "keys")) {
    this.#root = resolve(root);
    this.#ring = new KeyRing(keysDir);
  }

  localPath(key: string): string {
    if (!/^[\w-]+$/.test(key)) throw new ObjectMissingError(`"${key}" is not the name of a bundle`);
    // Two characters of fan-out keep folders listable with a million bundles.
    return join(this.#root, key.slice(-2), key);
  }

  takeIn(key: string, folder: string): Promise<void> {
    return this.#keep(key, (partial) => this.#copy(key, folder, partial));
  }

  keepOriginal(key: string, name: string, bytes: Buffer): Promise<void> {
    return this.#keep(key, async (partial) => {
      const bundleKey = await makeBundleKey(partial, key, this.#ring);
      const originals = join(partial, ORIGINALS);
      await mkdir(originals);
      const file = { bundleId: key, path: `${ORIGINALS}/${name}` };
      await encryptBytes(bytes, join(originals, name + ENCRYPTED), file, bundleKey);
      await syncPath(originals);
      await syncPath(partial);
    });
  }

  async #keep(key: string, fill: (partial: string) => Promise<void>): Promise<void> {
    const target = this.localPath(key);
    if (!(await exists(target))) await this.#put(target, fill);
    // Whoever put it there may have been killed before this; the source goes as soon as we say that it is here.
    await syncPath(dirname(target));
    await syncPath(this.#root);
  }

  async #put(target: string, fill: (partial: string) => Promise<void>): Promise<void> {
    await mkdir(dirname(target), { recursive: true });
    await removeAbandoned(dirname(target), basename(target));
    // The name appears only when everything below it is there.
    const partial = partialOf(target);
    await mkdir(partial);
    try {
      await fill(partial);
      await rename(partial, target);
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      // Another worker was faster with the same bundle.
      if (!(await exists(target))) throw error;
    }
  }

  async #copy(key: string, folder: string, partial: string): Promise<void> {
    const bundleKey = await makeBundleKey(partial, key, this.#ring);
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const [source, target] = [join(folder, entry.name), join(partial, entry.name)];
      if (entry.name === ORIGINALS) await encryptFolder(source, target, key, bundleKey);
      else if (entry.isDirectory()) await copyTree(source, target);
      else await copySealed(source, target);
    }
    await syncPath(partial);
  }

  async sizeOf(key: string, path: string): Promise<number> {
    const { file, isEncrypted } = await this.#find(key, path);
    const { size } = await stat(file);
    return isEncrypted ? plainSizeOf(size, { bundleId: key, path }) : size;
  }

  read(key: string, path: string, range: { start: number; end: number }): Readable {
    this.#fileOf(key, path);
    return Readable.from(this.#bytesOf(key, path, range), { objectMode: false });
  }

  async *#bytesOf(key: string, path: string, range: { start: number; end: number }): AsyncGenerator<Buffer> {
    const { file, isEncrypted } = await this.#find(key, path);
    if (isEncrypted) yield* decryptRange(file, { bundleId: key, path }, await this.#keyOf(key), range);
    else yield* createReadStream(file, range) as AsyncIterable<Buffer>;
  }

  async openBundle(key: string): Promise<BundleSource> {
    const folder = this.localPath(key);
    if (!(await exists(folder))) throw new ObjectMissingError(`there is no bundle ${key}`);
    return encryptedBundleSource(folder, {
      read: (path) => this.read(key, path, { start: 0, end: Number.MAX_SAFE_INTEGER }),
      sizeOf: (path) => this.sizeOf(key, path),
    });
  }

  async destroy(key: string): Promise<void> {
    const folder = this.localPath(key);
    const parent = dirname(folder);
    // What a killed worker left half copied is evidence too, and half written keys open it as well.
    const names = (await readdir(parent).catch(noneWhenMissing)).filter(
      (name) => bundleOf(name) === basename(folder),
    );
    // Without its key what is left of the originals is noise, also when the rest of this does not come about.
    for (const name of names) await removeKey(join(parent, name));
    for (const name of names) await rm(join(parent, name), { recursive: true, force: true });
    if (names.length > 0) await syncPath(parent);
  }

  /** A new key-encryption key for what comes from now on. Follow it with `rewrapKeys`. Returns its id. */
  rotateKey(now: Date): Promise<string> {
    return this.#ring.rotate(now);
  }

  /**
   * Brings the key of every stored bundle under the site's newest key, without touching the originals, and drops old
   * keys that nothing needs any more and that were retired a day ago. May be repeated, and broken off at any time.
   *
   * @throws ObjectKeyError that names the bundles whose key is damaged, when all others are done; then no old key is dropped
   */
  async rewrapKeys(now: Date): Promise<{ rewrapped: number; dropped: string[] }> {
    await this.#ring.current();
    let [rewrapped, seen] = [0, 0];
    const faults: string[] = [];
    for await (const { key, folder } of this.#folders()) {
      seen += 1;
      try {
        if (await rewrapBundleKey(folder, key, this.#ring)) rewrapped += 1;
      } catch (error) {
        if (!(error instanceof ObjectKeyError || error instanceof ObjectDamagedError)) throw error;
        faults.push(error.message);
      }
    }
    if (faults.length > 0)
      throw new ObjectKeyError(
        `${faults.length} of ${seen} bundles' keys could not be wrapped anew, ${rewrapped} were; no old key was dropped. ` +
          faults.slice(0, FAULTS_NAMED).join(" "),
        { details: faults },
      );
    const inUse = new Set<string>();
    for await (const { key, folder } of this.#folders()) {
      const id = await wrappingKeyIdOf(folder, key);
      if (id !== undefined) inUse.add(id);
    }
    return { rewrapped, dropped: await this.#ring.dropUnused(inUse, now) };
  }

  /** Every stored bundle, half copied ones too. */
  async *#folders(): AsyncGenerator<{ key: string; folder: string }> {
    for (const fan of await readdir(this.#root).catch(noneWhenMissing)) {
      const parent = join(this.#root, fan);
      const names = await readdir(parent).catch(noneWhenMissing);
      if (names.length > 0) await removeAbandoned(parent);
      for (const name of names) yield { key: bundleOf(name), folder: join(parent, name) };
    }
  }

  async #keyOf(key: string): Promise<Buffer> {
    const bundleKey = await readBundleKey(this.localPath(key), key, this.#ring);
    if (bundleKey !== undefined) return bundleKey;
    throw new ObjectShreddedError(`${key}: its originals were made unreadable for good when it was deleted`);
  }

  /** The file on disk; originals lie there with `.enc` behind their name. */
  async #find(key: string, path: string): Promise<{ file: string; isEncrypted: boolean }> {
    const file = this.#fileOf(key, path);
    const isEncrypted = isOriginal(relative(this.localPath(key), file));
    const stored = isEncrypted ? `${file}${ENCRYPTED}` : file;
    const found = await stat(stored).catch((cause: unknown) => {
      throw new ObjectMissingError(`${key} has no file ${path}`, { cause });
    });
    if (!found.isFile()) throw new ObjectMissingError(`${key} has no file ${path}`);
    return { file: stored, isEncrypted };
  }

  #fileOf(key: string, path: string): string {
    const base = this.localPath(key);
    const file = resolve(base, path);
    if (!file.startsWith(base + sep)) throw new ObjectMissingError(`${key} has no file ${path}`);
    return file;
  }
}

/** The others stand in the error's details. */
const FAULTS_NAMED = 5;

/** Of a bundle's folder, or of one half copied; a file beside them is a key half written and goes itself. */
async function removeKey(path: string): Promise<void> {
  const isFolder = (await lstat(path)).isDirectory();
  await rm(isFolder ? join(path, BUNDLE_KEY_FILE) : path, { force: true });
  await syncPath(isFolder ? path : dirname(path));
}

async function encryptFolder(from: string, to: string, bundleId: string, bundleKey: Buffer): Promise<void> {
  await mkdir(to);
  for (const name of await readdir(from)) {
    const path = `${ORIGINALS}/${name}`;
    await encryptFile(join(from, name), join(to, name + ENCRYPTED), { bundleId, path }, bundleKey);
  }
  await syncPath(to);
}

async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, target);
    else await copySealed(source, target);
  }
  await syncPath(to);
}

/** Sealed files never change, so a second name for the same bytes is a copy; across file systems it is a real one. */
async function copySealed(source: string, target: string): Promise<void> {
  try {
    await link(source, target);
  } catch {
    await copyFile(source, target);
    await syncPath(target);
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function noneWhenMissing(error: unknown): string[] {
  if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR") return [];
  throw error;
}
