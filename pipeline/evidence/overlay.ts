import type { Box, Polygon } from "../domain/types.ts";
import { boxOutline, type PictureSize, pointsInRegion, type Region } from "./picture-region.ts";

/** Named first is what the set-up installs where it may; without any Chinese font the pictures are still made. */
const FONT = "Noto Sans CJK SC, Noto Sans SC, sans-serif";

/** Behind the text of a caption, and beside a picture that is narrower than it. */
export const CAPTION_GROUND = "#14181d";

/** Outlines of zone and subject for a copy that shows `region` of a picture, `scale` times as large. */
export function outlineSvg(
  zone: Polygon,
  box: Box,
  size: PictureSize,
  region: Region,
  scale: number,
): Buffer {
  const width = region.width * scale;
  const height = region.height * scale;
  const stroke = Math.max(2, Math.round(width / 400));
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
      `<g fill="none" stroke-width="${stroke}">` +
      `<polygon stroke="#ffd400" points="${pointsInRegion(zone, size, region, scale)}"/>` +
      `<polygon stroke="#ff3030" points="${pointsInRegion(boxOutline(box), size, region, scale)}"/>` +
      "</g></svg>",
  );
}

/** Black polygons over a whole picture; a little larger than drawn, so that no edge pixel shows through. */
export function privacySvg(polygons: readonly Polygon[], size: PictureSize): Buffer {
  const whole = { left: 0, top: 0, ...size };
  const shapes = polygons.map((polygon) => `<polygon points="${pointsInRegion(polygon, size, whole, 1)}"/>`);
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">` +
      `<g fill="#000" stroke="#000" stroke-width="4" shape-rendering="crispEdges">${shapes.join("")}</g></svg>`,
  );
}

/** The strip of text below a copy: it hides nothing of the picture. */
export function captionSvg(lines: readonly string[], width: number): { svg: Buffer; height: number } {
  const fontSize = Math.max(14, Math.round(width / 64));
  const padding = Math.round(fontSize * 0.7);
  const lineHeight = Math.round(fontSize * 1.45);
  const wrapped = lines.flatMap((line) => wrapText(line, (width - 2 * padding) / fontSize));
  const height = wrapped.length * lineHeight + 2 * padding;
  const texts = wrapped.map((line, index) => {
    const baseline = padding + index * lineHeight + fontSize;
    return `<text x="${padding}" y="${baseline}">${escapeXml(line)}</text>`;
  });
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<rect width="100%" height="100%" fill="${CAPTION_GROUND}"/>` +
    `<g font-family="${FONT}" font-size="${fontSize}" fill="#f2f4f6">${texts.join("")}</g></svg>`;
  return { svg: Buffer.from(svg), height };
}

/** Breaks a line that is wider than `widthEm` times the font size; Latin letters take about 0.6, Chinese ones 1. */
export function wrapText(line: string, widthEm: number): string[] {
  const lines: string[] = [];
  let current = "";
  let used = 0;
  for (const character of line) {
    const wide = (character.codePointAt(0) ?? 0) >= 0x1100 ? 1 : 0.6;
    if (used + wide > widthEm && current !== "") {
      lines.push(current);
      current = "";
      used = 0;
    }
    current += character;
    used += wide;
  }
  return [...lines, current];
}

/** Text for SVG. Drops what XML cannot hold (control characters, lone surrogates): one such would spoil the picture. */
export function escapeXml(text: string): string {
  const allowed = [...text].filter((character) => {
    const code = character.codePointAt(0) ?? 0;
    return (
      code >= 0x20 && code !== 0x7f && (code < 0xd800 || code > 0xdfff) && code !== 0xfffe && code !== 0xffff
    );
  });
  return allowed
    .join("")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
