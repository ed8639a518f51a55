import type { Camera, CameraSource } from "../../pipeline/domain/types.ts";
import type { Lease } from "../../store/lease-store.ts";

export type WatchedCamera = Camera & { readonly source: CameraSource };

/** A camera as it is to be watched, and the right to do so. */
export interface HeldCamera {
  readonly camera: WatchedCamera;
  readonly lease: Lease;
}
