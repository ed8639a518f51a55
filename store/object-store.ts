import { createReadStream } from "node:fs";
import { access, copyFile, link, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import type { Readable } from "node:stream";
import { AppError } from "../pipeline/domain/errors.ts";

export class ObjectMissingError extends AppError {
  readonly code = "store.object_missing";
}

/** Where sealed bundles rest. One interface; a folder by default. */
export interface ObjectStore {
  /** Takes a copy of a bundle folder in under `key`, whole or not at all. The same key again changes nothing. */
  takeIn(key: string, folder: string): Promise<void>;
  /** Throws `ObjectMissingError`. */
  sizeOf(key: string, path: string): Promise<number>;
  /** Bytes `start` to `end`, both included, of one file of a bundle. */
  read(key: string, path: string, range: { start: number; end: number }): Readable;
  /** Path on this machine for tools that need files. */
  localPath(key: string): string;
}

export class FolderObjectStore implements ObjectStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = resolve(root);
  }

  localPath(key: string): string {
    if (!/^[\w-]+$/.test(key)) throw new ObjectMissingError(`"${key}" is not the name of a bundle`);
    // Two characters of fan-out keep folders listable with a million bundles.
    return join(this.#root, key.slice(-2), key);
  }

  async takeIn(key: string, folder: string): Promise<void> {
    const target = this.localPath(key);
    if (await exists(target)) return;
    await mkdir(dirname(target), { recursive: true });
    // The name appears only when everything below it is there.
    const partial = `${target}.partial-${process.pid}`;
    await rm(partial, { recursive: true, force: true });
    await copyTree(folder, partial);
    try {
      await rename(partial, target);
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      // Another worker was faster with the same bundle.
      if (!(await exists(target))) throw error;
    }
    await syncFolder(dirname(target));
  }

  async sizeOf(key: string, path: string): Promise<number> {
    const facts = await stat(this.#fileOf(key, path)).catch((cause: unknown) => {
      throw new ObjectMissingError(`${key} has no file ${path}`, { cause });
    });
    return facts.size;
  }

  read(key: string, path: string, range: { start: number; end: number }): Readable {
    return createReadStream(this.#fileOf(key, path), range);
  }

  #fileOf(key: string, path: string): string {
    const base = this.localPath(key);
    const file = resolve(base, path);
    if (!file.startsWith(base + sep)) throw new ObjectMissingError(`${key} has no file ${path}`);
    return file;
  }
}

/** Sealed files never change, so a second name for the same bytes is a copy; across file systems it is a real one. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, target);
    else await link(source, target).catch(() => copyFile(source, target));
  }
  await syncFolder(to);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, "r");
  await handle.sync().finally(() => handle.close());
}
