import { InvalidInputError } from "../pipeline/domain/errors.ts";

/** Where a list goes on: the sort key of the last row seen. Opaque to whoever carries it. */
export interface Position {
  readonly at: Date;
  readonly id: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Give it back for the next page; null at the end. */
  readonly nextCursor: string | null;
}

export function encodeCursor(position: Position): string {
  return Buffer.from(`${position.at.toISOString()} ${position.id}`).toString("base64url");
}

/** Throws `InvalidInputError` for anything `encodeCursor` did not make. */
export function decodeCursor(cursor: string): Position {
  const [instant = "", id = "", ...rest] = Buffer.from(cursor, "base64url").toString("utf8").split(" ");
  const at = new Date(instant);
  if (Number.isNaN(at.getTime()) || id === "" || rest.length > 0) {
    throw new InvalidInputError("cursor", [{ path: "", message: "take it unchanged from nextCursor" }]);
  }
  return { at, id };
}

/** One row more than asked for was read: it tells whether there is a next page. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
  positionOf: (row: Row) => Position,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toItem),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(positionOf(last)) : null,
  };
}
