import type { Detection } from "../../domain/types.ts";
import type { PictureSize, Region } from "../picture-region.ts";

/** A decoded picture: packed 8-bit RGB, row by row. */
export interface RgbPicture {
  readonly pixels: Uint8Array;
  readonly size: PictureSize;
}

/** One detector as masking uses it: which it is, how low its bar is, and how finely it has to look. */
export interface Finder {
  readonly modelId: string;
  /** sha256 of the model's file, lower-case hex. */
  readonly modelSha256: string;
  /** What scores less is not taken for anything. */
  readonly minScore: number;
  /**
   * Side in picture pixels of the smallest squares the picture is cut into for it; smaller squares find smaller
   * things and cost more.
   */
  readonly smallestTile: number;
  /** Detections with boxes 0–1 of the tile. */
  find(picture: RgbPicture, tile: Region): Promise<readonly Detection[]>;
}

/** Everything that looks for what has to be hidden. Opened once per process and closed at its end. */
export interface MaskingDetectors {
  /** Finds persons and vehicles. */
  readonly objects: Finder;
  readonly faces: Finder;
  /** Licence plates; null where no such model is installed. Vehicles are hidden whole, so it only adds. */
  readonly plates: Finder | null;
  close(): Promise<void>;
}
