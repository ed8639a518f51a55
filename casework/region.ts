const CODE = /^[1-9]\d{5}$/;

/** A GB/T 2260 code: six digits, province + prefecture + county. */
export function isRegionCode(text: string): boolean {
  return CODE.test(text);
}

/**
 * The digits that everything below a region shares: `510000` → `51`, `510100` → `5101`, `510107` → itself.
 * Null for anything that is not a region code, so that a damaged scope sees nothing.
 */
export function regionPrefix(region: string): string | null {
  if (!isRegionCode(region)) return null;
  if (region.endsWith("0000")) return region.slice(0, 2);
  return region.endsWith("00") ? region.slice(0, 4) : region;
}

/** True when `region` is `userRegion` or lies in it. */
export function regionCovers(userRegion: string, region: string): boolean {
  const prefix = regionPrefix(userRegion);
  return prefix !== null && isRegionCode(region) && region.startsWith(prefix);
}
