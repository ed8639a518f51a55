import type { Box } from "../../domain/types.ts";
import type { PlateKind } from "./plate-grammar.ts";

/**
 * What a machine thinks a plate says. A suggestion to the person who reviews, nothing else: no search, no notice, no
 * register is ever fed from it, and nobody is addressed by it, until a person has compared it with the picture and
 * confirmed it (个人信息保护法 article 24; domain rule C-10).
 */
export interface PlateSuggestion {
  /** The most probable text that is a plate by GA 36-2018, without the dot. */
  readonly text: string;
  /** What the recogniser read by itself, before any rule of numbering. */
  readonly rawText: string;
  /** Whether `rawText` is that plate already; false: the rules of numbering changed something. */
  readonly grammatical: boolean;
  readonly kind: PlateKind;
  /** Share of readings as sure as this that were right when measured (docs/plates.md), 0–1. */
  readonly confidence: number;
  /** Where the plate is, 0–1 in the whole picture. */
  readonly box: Box;
  /** The plate alone, made flat; JPEG without metadata. */
  readonly crop: Buffer;
}
