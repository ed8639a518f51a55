import sharp from "sharp";
import { CAPTION_GROUND, captionSvg } from "./overlay.ts";

/**
 * The text below the frames of a clip, as rows of pixels. It is drawn anew only when its words change, once a second, and
 * keeps its height.
 */
export class CaptionStrip {
  readonly width: number;
  /** In pixels; even, as H.264 with 4:2:0 wants it. */
  readonly height: number;
  #drawn: { readonly text: string; readonly rows: Promise<Uint8Array> } | undefined;

  /** @param lines such as there will be: the strip is as high as they need */
  constructor(lines: readonly string[], width: number) {
    this.width = width;
    this.height = Math.ceil(captionSvg(lines, width).height / 2) * 2;
  }

  /** Packed 8-bit RGB, `width` × `height`. */
  rows(lines: readonly string[]): Promise<Uint8Array> {
    const text = lines.join("\n");
    if (this.#drawn?.text !== text) this.#drawn = { text, rows: this.#draw(lines) };
    return this.#drawn.rows;
  }

  async #draw(lines: readonly string[]): Promise<Uint8Array> {
    const { svg } = captionSvg(lines, this.width);
    const drawn = await sharp(svg).flatten({ background: CAPTION_GROUND }).raw().toBuffer();
    const rows = Buffer.alloc(this.width * this.height * 3, CAPTION_GROUND.slice(1), "hex");
    rows.set(drawn.subarray(0, rows.length));
    return rows;
  }
}
