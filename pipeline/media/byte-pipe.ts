import { execFile } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { Socket, type SocketConstructorOpts } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { NoPipeError } from "./errors.ts";

/** Whoever takes the bytes of a pipe, into memory of its own. */
export interface ByteTaker {
  /** Where the next bytes go; never empty. What it gave before was filled, or is not used. */
  space(): Uint8Array;
  /** So many bytes lie in what `space()` gave last. False: no more until `resume()`. */
  take(count: number): boolean;
}

/** A pipe out of a child process. */
export interface BytePipe {
  /** The child's end: for its `stdio`. Close ours once it has been started. */
  readonly writeFd: number;
  closeWriteFd(): void;
  /** Begins to read. Resolves when everybody has closed the other end and everything has been taken. */
  read(taker: ByteTaker): Promise<void>;
  resume(): void;
  /** What still comes is of no use, but has to be read, or the child could not go on to its end. */
  discard(): void;
  /** Where no child was started. */
  destroy(): void;
}

const SCRATCH_BYTES = 1 << 16;

/**
 * A named pipe whose name is gone at once. Pipes that Node.js makes for a child hand every read over in fresh memory,
 * and a camera's frames make so much of it that the collector runs all the time: over a millisecond of CPU a frame
 * (measured). This one reads into memory that is used again and again.
 * @param place where its name is for a moment
 * @throws NoPipeError
 */
export async function openBytePipe(place = tmpdir()): Promise<BytePipe> {
  const { readFd, writeFd } = await makePipe(place);
  let writing = true;
  const closeWriteFd = () => {
    if (writing) closeSync(writeFd);
    writing = false;
  };
  let socket: Socket | undefined;
  let reader: ByteTaker | undefined;
  return {
    writeFd,
    closeWriteFd,
    read(taker) {
      reader = taker;
      return new Promise((resolve, reject) => {
        const options: SocketConstructorOpts & Onread = {
          fd: readFd,
          readable: true,
          writable: false,
          onread: {
            buffer: () => reader?.space() ?? new Uint8Array(SCRATCH_BYTES),
            callback: (count) => reader?.take(count) ?? true,
          },
        };
        socket = new Socket(options);
        socket.once("error", reject);
        socket.once("close", () => resolve());
        socket.resume();
      });
    },
    resume: () => void socket?.resume(),
    discard() {
      const scratch = new Uint8Array(SCRATCH_BYTES);
      reader = { space: () => scratch, take: () => true };
      socket?.resume();
    },
    destroy() {
      closeWriteFd();
      if (socket === undefined) closeSync(readFd);
      else socket.destroy();
    },
  };
}

/** Of `net.connect` in the types, but taken by the constructor. */
interface Onread {
  readonly onread: {
    readonly buffer: () => Uint8Array;
    readonly callback: (count: number, bytes: Uint8Array) => boolean;
  };
}

async function makePipe(place: string): Promise<{ readonly readFd: number; readonly writeFd: number }> {
  let folder: string | undefined;
  try {
    folder = await mkdtemp(join(place, "forewarn-pipe-"));
    const path = join(folder, "frames");
    await promisify(execFile)("mkfifo", ["-m", "600", path]);
    // The reader first, and without waiting for a writer: then the writer need not wait for a reader either.
    const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return { readFd, writeFd: openSync(path, constants.O_WRONLY) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new NoPipeError(
      `No pipe for ffmpeg's frames could be made in ${place} (${reason.trim()}): set TMPDIR to a folder on a local disk that may be written to.`,
      { cause },
    );
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}
