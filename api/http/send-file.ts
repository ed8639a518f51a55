import { pipeline } from "node:stream/promises";
import type { Request, Response } from "express";
import type { ObjectStore } from "../../store/object-store.ts";

export interface StoredFile {
  /** Bundle the file lies in. */
  readonly bundlePath: string;
  readonly path: string;
  readonly mediaType: string;
  readonly sha256: string;
}

/** Streams one file of a bundle; honours byte ranges, which browsers need to seek in a clip. */
export async function sendFile(
  objects: ObjectStore,
  file: StoredFile,
  req: Request,
  res: Response,
): Promise<void> {
  const sizeBytes = await objects.sizeOf(file.bundlePath, file.path);
  const range = req.range(sizeBytes);
  res.set({
    "content-type": file.mediaType,
    etag: `"${file.sha256}"`,
    "accept-ranges": "bytes",
    "cache-control": "private, no-store",
  });
  const single = Array.isArray(range) && range.type === "bytes" && range.length === 1 ? range[0] : undefined;
  if (range === -1) {
    res.status(416).set("content-range", `bytes */${sizeBytes}`).end();
    return;
  }
  const { start, end } = single ?? { start: 0, end: sizeBytes - 1 };
  if (single) res.status(206).set("content-range", `bytes ${start}-${end}/${sizeBytes}`);
  res.set("content-length", String(end - start + 1));
  try {
    await pipeline(objects.read(file.bundlePath, file.path, { start, end }), res);
  } catch (error) {
    // The browser stopped listening, as it does when somebody seeks: nothing went wrong.
    if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  }
}
