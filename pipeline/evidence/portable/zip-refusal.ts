import type { Problem } from "../bundle-source.ts";

/** Ends the unpacking; what it says becomes the problem. */
export class ZipRefusal extends Error {
  readonly problem: Problem;
  constructor(code: string, message: string, file?: string) {
    super(message);
    this.problem = { code: `zip.${code}`, message, ...(file === undefined ? {} : { file }) };
  }
}

export function cutOff(): ZipRefusal {
  return new ZipRefusal(
    "unreadable",
    "the zip is damaged and cannot be unpacked (its directory and its content do not fit)",
  );
}

/** Two programs would find different files in it. */
export function ambiguous(message: string, file?: string): ZipRefusal {
  return new ZipRefusal("ambiguous", message, file);
}
