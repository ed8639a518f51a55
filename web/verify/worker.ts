import { z } from "zod";
import type { BundleSource } from "../../pipeline/evidence/bundle-source.ts";
import { holdsBundle, verifySource } from "../../pipeline/evidence/portable/verify-source.ts";
import { browserCrypto, openFiles, openZipFile } from "./browser-host.ts";
import type { CheckReply, CheckRequest, Exhibit } from "./messages.ts";

/** The types of a page and of a worker exclude each other; these two are all that is needed here. */
interface WorkerScope {
  postMessage(message: CheckReply): void;
  onmessage: ((event: MessageEvent<CheckRequest>) => void) | null;
}
const scope = self as unknown as WorkerScope;

// The page forbids code made from text, which the schemas would use to be faster.
z.config({ jitless: true });

const MEDIA_TYPES: Readonly<Record<string, Pick<Exhibit, "kind"> & { readonly type: string }>> = {
  jpg: { kind: "picture", type: "image/jpeg" },
  mp4: { kind: "clip", type: "video/mp4" },
};

scope.onmessage = ({ data }) => {
  check(data).then(
    (reply) => scope.postMessage(reply),
    (error: unknown) =>
      scope.postMessage({ type: "failed", message: error instanceof Error ? error.message : String(error) }),
  );
};

async function check({ bundle, trustedKeys }: CheckRequest): Promise<CheckReply> {
  const source = "zip" in bundle ? await openZipFile(bundle.zip) : openFiles(bundle.folder);
  if (!holdsBundle(source) && source.problems.length === 0) return { type: "no_bundle" };
  const result = await verifySource(source, browserCrypto, {
    allowExport: true,
    ...(trustedKeys === null ? {} : { trustedKeys }),
    onProgress: (doneBytes, totalBytes) => scope.postMessage({ type: "progress", doneBytes, totalBytes }),
  });
  return { type: "verdict", result, exhibits: result.ok ? await exhibitsOf(source) : [] };
}

/** What may be shown to anyone; only of a bundle that is whole, where every file is a listed one. */
async function exhibitsOf(source: BundleSource): Promise<Exhibit[]> {
  const exhibits: Exhibit[] = [];
  for (const { path } of source.entries) {
    const media = MEDIA_TYPES[path.slice(path.lastIndexOf(".") + 1)];
    if (!path.startsWith("masked/") || media === undefined) continue;
    const bytes = (await source.read(path)) as Uint8Array<ArrayBuffer>;
    exhibits.push({ path, kind: media.kind, content: new Blob([bytes], { type: media.type }) });
  }
  return exhibits;
}
