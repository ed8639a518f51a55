/** Numbers that can be had again: a failure names its seed. @returns a function: 0 … below − 1 */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  const next = () => {
    // Mixed (murmur3's finish): neighbouring seeds must not give neighbouring numbers.
    state = (state + 0x9e37_79b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x85eb_ca6b);
    mixed ^= mixed >>> 13;
    mixed = Math.imul(mixed, 0xc2b2_ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
  return (below) => Math.floor((next() / 2 ** 32) * below);
}

export type Random = ReturnType<typeof randomFrom>;

/** One of several. */
export function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[random(items.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}
