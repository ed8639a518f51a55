import { AppError } from "./errors.ts";

/** A snapshot nobody can go on from: damaged, of another schema, or of another camera. */
export class BadSnapshotError extends AppError {
  readonly code = "watch.bad_snapshot";

  constructor(path: string, problem: string) {
    super(
      `The camera's watch cannot go on from this snapshot: ${path || "the whole"} ${problem}. Begin the watch anew without it.`,
      { details: { path } },
    );
  }
}

/** Takes a value of unknown origin apart; throws `BadSnapshotError` naming the place where it does not fit. */
export type Shape<T> = (value: unknown, path: string) => T;
export type ShapeOf<S> = S extends Shape<infer T> ? T : never;

export const num: Shape<number> = (value, path) => {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new BadSnapshotError(path, "is no number");
  return value;
};

export const text: Shape<string> = (value, path) => {
  if (typeof value !== "string") throw new BadSnapshotError(path, "is no text");
  return value;
};

export const flag: Shape<boolean> = (value, path) => {
  if (typeof value !== "boolean") throw new BadSnapshotError(path, "is neither true nor false");
  return value;
};

export function literal<const T extends string | number>(...words: readonly T[]): Shape<T> {
  return (value, path) => {
    const word = words.find((known) => known === value);
    if (word === undefined) throw new BadSnapshotError(path, `is not ${words.join(" or ")}`);
    return word;
  };
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (value, path) => (value === null ? null : shape(value, path));
}

export function list<T>(shape: Shape<T>): Shape<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new BadSnapshotError(path, "is no list");
    return value.map((member: unknown, index) => shape(member, `${path}[${index}]`));
  };
}

export function tuple<const S extends readonly Shape<unknown>[]>(
  ...shapes: S
): Shape<{ readonly [K in keyof S]: ShapeOf<S[K]> }> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length !== shapes.length) {
      throw new BadSnapshotError(path, `is no list of ${shapes.length}`);
    }
    const members = shapes.map((shape, index) => shape(value[index], `${path}[${index}]`));
    return members as unknown as { readonly [K in keyof S]: ShapeOf<S[K]> };
  };
}

/** Members beyond the named ones are left out. */
export function record<S extends Readonly<Record<string, Shape<unknown>>>>(
  shapes: S,
): Shape<{ readonly [K in keyof S]: ShapeOf<S[K]> }> {
  return (value, path) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new BadSnapshotError(path, "is no object");
    }
    const given = new Map<string, unknown>(Object.entries(value));
    const members = Object.entries(shapes).map(([key, shape]) => [
      key,
      shape(given.get(key), path === "" ? key : `${path}.${key}`),
    ]);
    return Object.fromEntries(members) as { readonly [K in keyof S]: ShapeOf<S[K]> };
  };
}

/** A `Box`. */
export const boxShape = tuple(num, num, num, num);
