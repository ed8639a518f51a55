import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { routes } from "../app.ts";
import { portalRoutes } from "../portal/portal-router.ts";
import { plainText } from "./common.ts";

/** Hashed, never stored: any sign may stand in them. */
const SECRETS = /\.(password|current|next|factor)$/;

interface Def {
  readonly type: string;
  readonly shape?: Record<string, z.ZodType>;
  readonly options?: readonly z.ZodType[];
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly keyType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly out?: z.ZodType;
}

/** Every schema of a string that is part of it, with the way there. */
function stringsIn(schema: z.ZodType | undefined, way: string): [string, z.ZodType][] {
  if (schema === undefined) return [];
  const def = schema.def as unknown as Def;
  if (def.type === "string") return [[way, schema]];
  // `true` and `false` in a query: no words.
  if (def.out?.def.type === "boolean") return [];
  return [
    ...Object.entries(def.shape ?? {}).flatMap(([key, inner]) => stringsIn(inner, `${way}.${key}`)),
    ...(def.options ?? []).flatMap((inner) => stringsIn(inner, way)),
    ...[def.element, def.innerType, def.keyType, def.valueType, def.in].flatMap((inner) =>
      stringsIn(inner, way),
    ),
  ];
}

function takes(schema: z.ZodType, value: string): boolean {
  const parsed = schema.safeParse(value);
  return (
    parsed.success || parsed.error.issues.every(({ code }) => code === "too_big" || code === "too_small")
  );
}

describe("text from outside", () => {
  it.each([["a\u0000b"], ["a\ud800b"], ["\udc00"]])("refuses %j, which no database takes", (value) => {
    expect(plainText().safeParse(value).success).toBe(false);
  });

  it("keeps rare letters and lines, and drops what turns the direction of reading", () => {
    expect(plainText().trim().parse(" 𱍐\n第二行😀 ")).toBe("𱍐\n第二行😀");
    expect(plainText().parse("a\u202Eb\u2066c\u2069")).toBe("abc");
    expect(plainText().trim().min(1).safeParse("\u202E").success).toBe(false);
  });

  it("is read by that rule in every route there is", () => {
    const all = [...routes, ...portalRoutes].flatMap(({ method, path, params, query, body }) =>
      [params, query, body].flatMap((schema) => stringsIn(schema, `${method} ${path} `)),
    );
    const lax = all
      .filter(([way, schema]) => !SECRETS.test(way) && takes(schema, "a\u0000b\ud800"))
      .map(([way]) => way);
    expect(all.length).toBeGreaterThan(200);
    expect(lax).toEqual([]);
  });
});
