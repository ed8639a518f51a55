import type { Box } from "../../domain/types.ts";

/** Room around the subject that stays clear. */
export const CLEAR_MARGIN = 0.03;

/** What a copy is about: it stays visible, but for heads and faces in it. */
export interface MaskSubject {
  /** 0–1 of the picture. */
  readonly box: Box;
  readonly label: string;
}
