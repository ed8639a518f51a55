import { mkdir, statfs } from "node:fs/promises";
import { NoMemoryFolderError } from "./errors.ts";

/** statfs(2): what lies there is in memory, never on a disk but for swap. */
const MEMORY_FILE_SYSTEMS: readonly number[] = [0x01021994 /* tmpfs */, 0x858458f6 /* ramfs */];

/**
 * A folder whose files are in memory, for pictures of a camera with privacy masks before they are masked.
 *
 * @param dir made when it is missing
 * @throws NoMemoryFolderError when it lies on a disk
 */
export async function memoryFolder(dir: string): Promise<string> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const { type } = await statfs(dir);
    if (MEMORY_FILE_SYSTEMS.includes(type)) return dir;
  } catch (cause) {
    throw new NoMemoryFolderError(complaint(dir, "cannot be used"), { cause });
  }
  throw new NoMemoryFolderError(complaint(dir, "lies on a disk"));
}

function complaint(dir: string, what: string): string {
  return (
    `${dir} ${what}, and a camera with privacy masks may keep unmasked pictures in memory only. ` +
    "Set FOREWARN_MEMORY_DIR to a folder on a tmpfs, /dev/shm for example (in a container: --shm-size)."
  );
}
