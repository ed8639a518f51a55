import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { errnoOf } from "../pipeline/evidence/durable-fs.ts";

/** Bytes that a program like this one may still write below a folder, or below where it will be made. */
export async function freeSpaceOf(folder: string): Promise<number> {
  for (let path = folder; ; path = dirname(path)) {
    try {
      const { bavail, bsize } = await statfs(path);
      return bavail * bsize;
    } catch (error) {
      if (errnoOf(error) !== "ENOENT" || path === dirname(path)) throw error;
    }
  }
}
