import sharp from "sharp";
import { isUsableBox } from "../../domain/box.ts";
import type { Box } from "../../domain/types.ts";
import { regionOfBox } from "../picture-region.ts";
import { confidenceOf } from "./confidence.ts";
import { averageReadings, type GrammaticalReading, joinChances, readGrammatical } from "./ctc-beam.ts";
import { findText } from "./find-text.ts";
import { type PlateCandidate, plateCandidates } from "./plate-candidates.ts";
import { groundOf } from "./plate-colour.ts";
import { kindOf, parsePlate } from "./plate-grammar.ts";
import type { PlateSuggestion } from "./plate-suggestion.ts";
import { type LineRecogniser, type RunGraph, readLine } from "./read-line.ts";
import { boundsOfQuad, growQuad, type Quad, rectify, sizeOfQuad } from "./rectify.ts";
import type { RgbPicture } from "./rgb-picture.ts";

/** Looks for a plate on one vehicle of a full-resolution picture. */
export interface PlateReader {
  /** The recogniser, for the manifest. */
  readonly model: { readonly id: string; readonly sha256: string };
  /**
   * @param vehicleBox of the subject, 0–1 in the picture: nothing outside of it is read
   * @returns null when there is no plate that can be read with some certainty
   */
  read(picture: RgbPicture, vehicleBox: Box): Promise<PlateSuggestion | null>;
  close(): Promise<void>;
}

export interface PlateGraphs {
  /** Finds text: PP-OCRv4's detector, or another with the same input and output. */
  readonly finder: RunGraph;
  readonly recogniser: LineRecogniser;
}

/** Detectors cut boxes a little short, and plates hang at the edge of a vehicle. */
const VEHICLE_MARGIN = 0.03;
/** Stickers and shop signs behind a window are text as well; a vehicle with more of it than this is a billboard. */
const MAX_CANDIDATES = 10;
/** By how much each side of a line is moved outwards: left and right × its width, top and bottom × its height. */
const OTHER_FRAMINGS = [
  [0.03, 0.1],
  [-0.015, -0.06],
] as const;
/** Height of the picture of the plate, and the most it may be wide. */
const CROP_HEIGHT = 96;
const MAX_CROP_WIDTH = 640;

/** A candidate as it was read. */
export interface CandidateReading {
  readonly candidate: PlateCandidate;
  /** In its first framing, by the recogniser itself. */
  readonly rawText: string;
  /** Null when it spells no plate. */
  readonly best: GrammaticalReading | null;
  /** The line with the serial, made flat. */
  readonly flat: RgbPicture;
}

/**
 * The likeliest plate on a vehicle, if it is likely enough.
 *
 * @throws whatever the graphs throw
 */
export async function suggestPlate(
  graphs: PlateGraphs,
  picture: RgbPicture,
  vehicleBox: Box,
): Promise<PlateSuggestion | null> {
  const found = await readVehicle(graphs, picture, vehicleBox);
  if (found?.best == null) return null;
  const { outline } = found.candidate;
  const confidence = confidenceOf(found.best.probability, sizeOfQuad(outline).width);
  const plate = parsePlate(found.best.text);
  if (confidence === null || plate === null) return null;
  return {
    text: plate.text,
    rawText: found.rawText,
    grammatical: parsePlate(found.rawText)?.text === plate.text,
    kind: kindOf(plate, groundOf(found.flat)),
    confidence,
    box: boxOf(outline, picture),
    crop: await cropOf(picture, outline),
  };
}

/** What the search is most sure of on a vehicle, however little that may be; null when there is no text on it. */
export async function readVehicle(
  graphs: PlateGraphs,
  picture: RgbPicture,
  vehicleBox: Box,
): Promise<CandidateReading | null> {
  if (!isUsableBox(vehicleBox)) return null;
  const region = regionOfBox(vehicleBox, VEHICLE_MARGIN, picture.size);
  const lines = await findText(graphs.finder, picture, region);
  let surest: OneReading | null = null;
  for (const candidate of plateCandidates(lines).slice(0, MAX_CANDIDATES)) {
    const reading = await readOnce(graphs.recogniser, picture, candidate);
    if (surest === null || probabilityOf(reading) > probabilityOf(surest)) surest = reading;
  }
  return surest && (await readAgain(graphs.recogniser, picture, surest));
}

/** Reads a candidate in several framings. */
export async function readCandidate(
  recogniser: LineRecogniser,
  picture: RgbPicture,
  candidate: PlateCandidate,
): Promise<CandidateReading> {
  return readAgain(recogniser, picture, await readOnce(recogniser, picture, candidate));
}

interface OneReading extends CandidateReading {
  readonly readings: readonly GrammaticalReading[];
}

/** Reads a candidate's lines as one text. */
async function readOnce(
  recogniser: LineRecogniser,
  picture: RgbPicture,
  candidate: PlateCandidate,
): Promise<OneReading> {
  const lines = [];
  for (const line of candidate.lines) lines.push(await readLine(recogniser, picture, line));
  const last = lines.at(-1);
  if (last === undefined) throw new Error("a plate candidate without lines");
  const readings = readGrammatical(joinChances(lines.map(({ chances }) => chances)));
  const [best = null] = readings;
  return { candidate, rawText: lines.map(({ raw }) => raw).join(""), best, readings, flat: last.flat };
}

/** A reading that is right stays the same when the frame moves a little; one that is made up does not. */
async function readAgain(
  recogniser: LineRecogniser,
  picture: RgbPicture,
  first: OneReading,
): Promise<CandidateReading> {
  if (first.best === null) return first;
  const framings = [first.readings];
  for (const [across, along] of OTHER_FRAMINGS) {
    const lines = first.candidate.lines.map((line) => growQuad(line, across, along));
    framings.push((await readOnce(recogniser, picture, { ...first.candidate, lines })).readings);
  }
  const [best = null] = averageReadings(framings);
  return { ...first, best };
}

function probabilityOf({ best }: CandidateReading): number {
  return best?.probability ?? 0;
}

function boxOf(quad: Quad, { size }: RgbPicture): Box {
  const [left, top, right, bottom] = boundsOfQuad(quad);
  const within = (value: number, length: number) => Math.min(1, Math.max(0, value / length));
  return [
    within(left, size.width),
    within(top, size.height),
    within(right, size.width),
    within(bottom, size.height),
  ];
}

function cropOf(picture: RgbPicture, outline: Quad): Promise<Buffer> {
  const { width, height } = sizeOfQuad(outline);
  const columns = Math.min(MAX_CROP_WIDTH, Math.round((CROP_HEIGHT * width) / height));
  const { pixels, size } = rectify(picture, outline, { width: columns, height: CROP_HEIGHT });
  return sharp(pixels, { raw: { ...size, channels: 3 } })
    .jpeg({ quality: 95, chromaSubsampling: "4:4:4" })
    .toBuffer();
}
