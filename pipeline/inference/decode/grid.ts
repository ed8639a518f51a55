import type { InputSize } from "./decoder.ts";

/** One level of a feature pyramid. Cells are row-major. */
export interface Grid {
  readonly stride: number;
  readonly columns: number;
  readonly rows: number;
  readonly cells: number;
  /** Index of its first cell where all levels are concatenated. */
  readonly firstCell: number;
}

/** The levels of an input, in the order of `strides`; a level that does not divide evenly has one more cell. */
export function gridsOf(input: InputSize, strides: readonly number[]): Grid[] {
  let firstCell = 0;
  return strides.map((stride) => {
    const columns = Math.ceil(input.width / stride);
    const rows = Math.ceil(input.height / stride);
    const grid = { stride, columns, rows, cells: columns * rows, firstCell };
    firstCell += grid.cells;
    return grid;
  });
}

export function cellCount(grids: readonly Grid[]): number {
  return grids.reduce((sum, grid) => sum + grid.cells, 0);
}
