/**
 * Pairs rows with columns so that the sum of the pairs' gains is as large as possible; a pair with gain 0 or
 * less is never made, so nothing is paired only to make more pairs (that is how neighbours swap identities).
 * Shortest augmenting paths with potentials (Kuhn 1955, Munkres 1957; in the form of Jonker and Volgenant 1987),
 * O(n³). Among equal sums the outcome depends only on the order of rows and columns.
 * @param gains one row per candidate on the left, all rows equally long; every number finite
 * @returns pairs `[row, column]`, by row
 */
export function assignByGain(gains: readonly (readonly number[])[]): [number, number][] {
  const pairs = islands(gains).flatMap(({ rows, columns }) => {
    // Square problem: padding rows and columns stand for "stays single", at gain 0.
    const size = Math.max(rows.length, columns.length);
    const cost = (row: number, column: number) =>
      -Math.max(0, gains[rows[row] ?? -1]?.[columns[column] ?? -1] ?? 0);
    const rowOf = shortestAugmentingPaths(size, cost);
    return rowOf.flatMap((row, column): [number, number][] => {
      const pair = [rows[row], columns[column]] as const;
      if (pair[0] === undefined || pair[1] === undefined || cost(row, column) === 0) return [];
      return [[pair[0], pair[1]]];
    });
  });
  return pairs.sort((a, b) => a[0] - b[0]);
}

interface Island {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

/**
 * Rows and columns that a chain of possible pairs connects; what cannot be paired at all is on none. A street falls
 * into many small ones, and solving each costs next to nothing where the whole costs milliseconds.
 */
function islands(gains: readonly (readonly number[])[]): Island[] {
  const reached = new Set<number>();
  const taken = new Set<number>();
  return gains.flatMap((_, start): Island[] => {
    if (reached.has(start)) return [];
    reached.add(start);
    const rows = [start];
    const columns: number[] = [];
    // Both lists grow while they are walked through.
    for (const row of rows) {
      gains[row]?.forEach((gain, column) => {
        if (!(gain > 0) || taken.has(column)) return;
        taken.add(column);
        columns.push(column);
        gains.forEach((other, index) => {
          if (reached.has(index) || !((other[column] ?? 0) > 0)) return;
          reached.add(index);
          rows.push(index);
        });
      });
    }
    const inOrder = (list: readonly number[]) => [...list].sort((a, b) => a - b);
    return columns.length === 0 ? [] : [{ rows: inOrder(rows), columns: inOrder(columns) }];
  });
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
