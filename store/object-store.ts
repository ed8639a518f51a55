import { createReadStream } from "node:fs";
import { access, cp, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import type { Readable } from "node:stream";
import { AppError } from "../pipeline/domain/errors.ts";

export class ObjectMissingError extends AppError {
  readonly code = "store.object_missing";
}

/** Where sealed bundles rest. One interface; a folder by default. */
export interface ObjectStore {
  /** Takes a bundle folder in under `key`. Taking the same key in twice changes nothing. */
  takeIn(key: string, folder: string): Promise<void>;
  /** Opens one file of a bundle. Throws `ObjectMissingError`. */
  read(key: string, path: string): Promise<{ stream: Readable; sizeBytes: number }>;
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
    if (await exists(target)) {
      await rm(folder, { recursive: true, force: true });
      return;
    }
    await mkdir(dirname(target), { recursive: true });
    try {
      await rename(folder, target);
    } catch (error) {
      if (await exists(target)) return;
      if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
      // Another file system: copy beside the target first, so that the name appears only when it is whole.
      const partial = `${target}.partial`;
      await rm(partial, { recursive: true, force: true });
      await cp(folder, partial, { recursive: true });
      await rename(partial, target);
      await rm(folder, { recursive: true, force: true });
    }
    await syncFolder(dirname(target));
  }

  async read(key: string, path: string): Promise<{ stream: Readable; sizeBytes: number }> {
    const base = this.localPath(key);
    const file = resolve(base, path);
    if (!file.startsWith(base + sep)) throw new ObjectMissingError(`${key} has no file ${path}`);
    const facts = await stat(file).catch((cause: unknown) => {
      throw new ObjectMissingError(`${key} has no file ${path}`, { cause });
    });
    if (!facts.isFile()) throw new ObjectMissingError(`${key} has no file ${path}`);
    return { stream: createReadStream(file), sizeBytes: facts.size };
  }
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
