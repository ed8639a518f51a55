import type { Overlay } from "./case-file.ts";

export function withOverlay(overlays: readonly Overlay[], overlay: Overlay): Overlay[] {
  return [...without(overlays, overlay), overlay];
}

export function without(overlays: readonly Overlay[], overlay: Overlay): Overlay[] {
  return overlays.filter((other) => other !== overlay);
}
