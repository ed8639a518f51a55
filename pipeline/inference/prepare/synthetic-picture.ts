import { type PicturePlace, type PlacingFormat, placePicture } from "../../domain/place-picture.ts";
import { type FrameFormat, frameBytes } from "../../domain/ports.ts";
import { type StreamColour, yuvToRgb } from "./colour.ts";
import type { Size } from "./fit-shape.ts";

/** Blobs of a picture: enough to cover half of it at several sizes. */
const BLOBS = 40;

/** A box or a disc; lengths in parts of the picture. */
interface Blob {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly round: boolean;
  readonly level: number;
  readonly u: number;
  readonly v: number;
}

/** A picture in 4:2:0, each plane row by row. */
interface Planes {
  readonly luma: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
  /** Width of the chroma planes. */
  readonly half: number;
}

/**
 * The same picture for two paths: a gradient, boxes, discs and grain, made from a number. It shows nothing that
 * a detector knows, but every layer answers to it. All of its colours lie inside what 8-bit RGB can show.
 */
export class SyntheticPicture {
  readonly #blobs: readonly Blob[];
  readonly #source: Size;
  readonly #colour: StreamColour;

  constructor(seed: number, source: Size, colour: StreamColour) {
    const random = generator(seed);
    this.#source = source;
    this.#colour = colour;
    this.#blobs = Array.from({ length: BLOBS }, () => {
      const width = 0.03 + 0.3 * random() ** 2;
      return {
        x: random(),
        y: random(),
        width,
        height: width * (0.4 + 1.8 * random()),
        round: random() < 0.5,
        level: 60 + 130 * random(),
        u: 114 + 28 * random(),
        v: 114 + 28 * random(),
      };
    });
  }

  /** A frame of the format with the picture where `placing` puts it and the margins filled. */
  frame(format: FrameFormat, placing: PlacingFormat): Uint8Array {
    const place = placePicture(placing, this.#source.width, this.#source.height);
    const planes = this.#paint(place);
    return format.pixelFormat === "yuv420p"
      ? planar(format, place, planes, this.#colour)
      : packed(format, place, planes, this.#colour);
  }

  #paint({ width, height }: Size): Planes {
    const half = Math.ceil(width / 2);
    const chroma = half * Math.ceil(height / 2);
    const planes = {
      luma: new Uint8Array(width * height),
      u: new Uint8Array(chroma).fill(124),
      v: new Uint8Array(chroma).fill(132),
      half,
    };
    for (let y = 0, at = 0; y < height; y++)
      for (let x = 0; x < width; x++, at++) planes.luma[at] = 70 + (100 * y) / height + grain(x, y);
    for (const blob of this.#blobs) {
      paintBlob(planes.luma, { width, height }, blob, blob.level, true);
      const size = { width: half, height: Math.ceil(height / 2) };
      paintBlob(planes.u, size, blob, blob.u, false);
      paintBlob(planes.v, size, blob, blob.v, false);
    }
    return planes;
  }
}

function paintBlob(
  plane: Uint8Array,
  { width, height }: Size,
  blob: Blob,
  level: number,
  grainy: boolean,
): void {
  const left = Math.max(0, Math.round((blob.x - blob.width / 2) * width));
  const right = Math.min(width, Math.round((blob.x + blob.width / 2) * width));
  const top = Math.max(0, Math.round((blob.y - blob.height / 2) * height));
  const bottom = Math.min(height, Math.round((blob.y + blob.height / 2) * height));
  for (let y = top; y < bottom; y++) {
    const dy = (2 * ((y + 0.5) / height - blob.y)) / blob.height;
    for (let x = left; x < right; x++) {
      const dx = (2 * ((x + 0.5) / width - blob.x)) / blob.width;
      if (blob.round && dx * dx + dy * dy > 1) continue;
      plane[y * width + x] = grainy ? level * (1 - 0.1 * dy) + grain(x, y) : level;
    }
  }
}

function planar(format: FrameFormat, place: PicturePlace, planes: Planes, colour: StreamColour): Uint8Array {
  const { width, height } = format;
  const bytes = new Uint8Array(frameBytes(format));
  const { matrix, offset } = yuvToRgb(colour);
  const luma = width * height;
  bytes.fill(Math.round(format.padByte / matrix[0][0] + offset[0]), 0, luma).fill(128, luma);
  copyRows(planes.luma, place.width, bytes, place.top * width + place.left, width);
  const corner = luma + (place.top / 2) * (width / 2) + place.left / 2;
  copyRows(planes.u, planes.half, bytes, corner, width / 2);
  copyRows(planes.v, planes.half, bytes, corner + luma / 4, width / 2);
  return bytes;
}

function copyRows(from: Uint8Array, rowLength: number, to: Uint8Array, start: number, step: number): void {
  for (let at = 0, row = 0; at < from.length; at += rowLength, row++)
    to.set(from.subarray(at, at + rowLength), start + row * step);
}

function packed(format: FrameFormat, place: PicturePlace, planes: Planes, colour: StreamColour): Uint8Array {
  const bytes = new Uint8ClampedArray(frameBytes(format)).fill(format.padByte);
  const { matrix, offset } = yuvToRgb(colour);
  const rows = format.pixelFormat === "bgr24" ? matrix.toReversed() : matrix;
  for (let y = 0; y < place.height; y++) {
    for (let x = 0; x < place.width; x++) {
      const cell = (y >> 1) * planes.half + (x >> 1);
      const level = (planes.luma[y * place.width + x] ?? 0) - offset[0];
      const u = (planes.u[cell] ?? 0) - offset[1];
      const v = (planes.v[cell] ?? 0) - offset[2];
      const to = 3 * ((place.top + y) * format.width + place.left + x);
      for (let channel = 0; channel < rows.length; channel++) {
        const [fromY, fromU, fromV] = rows[channel] ?? [0, 0, 0];
        bytes[to + channel] = fromY * level + fromU * u + fromV * v;
      }
    }
  }
  return new Uint8Array(bytes.buffer);
}

/** ±6 levels that belong to the pixel. */
function grain(x: number, y: number): number {
  const mixed = Math.imul(Math.imul(x + 1, 73_856_093) ^ Math.imul(y + 1, 19_349_663), 83_492_791);
  return ((mixed >>> 16) % 13) - 6;
}

/** Numbers from 0 to 1, always the same after a seed (a linear congruence, Knuth's constants). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
