/**
 * Pairs rows with columns so that the sum of the pairs' gains is as large as possible; a pair with gain 0 or
 * less is never made, so nothing is paired only to make more pairs (that is how neighbours swap identities).
 * Shortest augmenting paths with potentials (Kuhn 1955, Munkres 1957; in the form of Jonker and Volgenant 1987),
 * O(n³). Among equal sums the outcome depends only on the order of rows and columns.
 * @param gains one row per candidate on the left, all rows equally long; every number finite
 * @returns pairs `[row, column]`, by row
 */
export function assignByGain(gains: readonly (readonly number[])[]): [number, number][] {
  const rows = gains.length;
  const columns = gains[0]?.length ?? 0;
  if (rows === 0 || columns === 0) return [];
  // Square problem: padding rows and columns stand for "stays single", at gain 0.
  const size = Math.max(rows, columns);
  const cost = (row: number, column: number) => -Math.max(0, gains[row]?.[column] ?? 0);
  const rowOf = shortestAugmentingPaths(size, cost);
  const pairs: [number, number][] = [];
  rowOf.forEach((row, column) => {
    if (row < rows && column < columns && cost(row, column) < 0) pairs.push([row, column]);
  });
  return pairs.sort((a, b) => a[0] - b[0]);
}

/** Column → row of a minimum-cost perfect matching of a square matrix. */
function shortestAugmentingPaths(size: number, cost: (row: number, column: number) => number): number[] {
  const rowPotential = new Float64Array(size);
  const columnPotential = new Float64Array(size + 1);
  const rowOf = new Int32Array(size + 1).fill(-1);
  // Column `size` is the virtual start of every path.
  for (let start = 0; start < size; start++) {
    rowOf[size] = start;
    const slack = new Float64Array(size + 1).fill(Number.POSITIVE_INFINITY);
    const cameFrom = new Int32Array(size + 1).fill(size);
    const done = new Uint8Array(size + 1);
    let column = size;
    while (at(rowOf, column) !== -1) {
      done[column] = 1;
      const row = at(rowOf, column);
      let step = Number.POSITIVE_INFINITY;
      let next = size;
      for (let j = 0; j < size; j++) {
        if (done[j] === 1) continue;
        const reduced = cost(row, j) - at(rowPotential, row) - at(columnPotential, j);
        if (reduced < at(slack, j)) {
          slack[j] = reduced;
          cameFrom[j] = column;
        }
        if (at(slack, j) < step) {
          step = at(slack, j);
          next = j;
        }
      }
      for (let j = 0; j <= size; j++) {
        if (done[j] === 1) {
          rowPotential[at(rowOf, j)] = at(rowPotential, at(rowOf, j)) + step;
          columnPotential[j] = at(columnPotential, j) - step;
        } else {
          slack[j] = at(slack, j) - step;
        }
      }
      column = next;
    }
    while (column !== size) {
      const previous = at(cameFrom, column);
      rowOf[column] = at(rowOf, previous);
      column = previous;
    }
  }
  return Array.from(rowOf.subarray(0, size));
}

/** Reading inside the bounds: the algorithm guarantees it, the type of an index does not know it. */
function at(values: Float64Array | Int32Array, index: number): number {
  return values[index] as number;
}
