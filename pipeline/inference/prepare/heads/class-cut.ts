/** Which classes of a model's head are to stay. */
export interface ClassCut {
  /** Classes of the head as it is. */
  readonly classes: number;
  /** Indices of those that stay, rising. */
  readonly kept: readonly number[];
  /** Levels of its pyramid. */
  readonly levels: number;
  /** Its outputs in the order in which the decoder reads them. */
  readonly outputs: readonly string[];
}
