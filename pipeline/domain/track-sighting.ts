import type { Sighting } from "./types.ts";

/** A sighting together with who it is said to be. */
export interface TrackSighting {
  readonly trackId: string;
  readonly label: string;
  readonly sighting: Sighting;
}
