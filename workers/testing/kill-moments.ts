import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** What a worker is doing with bundles, by what lies in its data folder. */
export interface Making {
  /** A number of a camera's chain is claimed: pictures and clip are being written. */
  readonly claims: number;
  /** Bundles half written. */
  readonly drafts: number;
  /** Sealed, not yet on record. */
  readonly spooled: number;
  /** Half copied into the object store. */
  readonly copying: number;
}

/** Looks once. */
export async function lookAtMaking(dataDir: string): Promise<Making> {
  const [chains, spool, objects] = await Promise.all([
    namesIn(join(dataDir, "chains")),
    namesIn(join(dataDir, "spool")),
    namesIn(join(dataDir, "objects")),
  ]);
  const copies = await Promise.all(objects.map((fanOut) => namesIn(join(dataDir, "objects", fanOut))));
  return {
    claims: chains.filter((name) => name.endsWith(".claim.json")).length,
    drafts: spool.filter((name) => name.startsWith(".tmp-")).length,
    spooled: spool.filter((name) => name.startsWith("cnd_")).length,
    copying: copies.flat().filter((name) => name.includes(".partial-")).length,
  };
}

/** Whether a bundle is on its way at all. */
export function isMaking({ claims, drafts, spooled, copying }: Making): boolean {
  return claims + drafts + spooled + copying > 0;
}

/** A folder that is not there, or vanishes while it is looked at, holds nothing. */
function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
