import { z } from "zod";

/** An enum of a table's keys. */
export function enumOf<K extends string>(table: Record<K, unknown>): z.ZodEnum<{ [key in K]: key }> {
  return z.enum(Object.keys(table) as [K, ...K[]]) as unknown as z.ZodEnum<{ [key in K]: key }>;
}

/** Turn the direction of reading: what stands there is not what is read. */
const DIRECTIONS = /[\u202A-\u202E\u2066-\u2069]/g;
// ECMAScript 2024, in every Node this runs on.
const isWellFormed = (value: string) => (value as unknown as { isWellFormed(): boolean }).isWellFormed();

/** Words from outside: without NUL and half letters, which cannot be stored, and without direction marks. */
export const plainText = () =>
  z
    .string()
    .refine((value) => !value.includes("\u0000") && isWellFormed(value), "has letters that cannot be stored")
    .overwrite((value) => value.replaceAll(DIRECTIONS, ""));

export const instant = z.string().meta({ format: "date-time", description: "UTC" });

export const pageQuery = z.object({
  cursor: plainText().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

export const timelineEntry = z
  .object({
    seq: z.number().int(),
    at: instant,
    actorKind: z.enum(["user", "system", "party"]),
    actorId: z.string().nullable(),
    actorName: z.string().nullable(),
    action: z.string(),
    from: z.string().nullable(),
    to: z.string().nullable(),
    why: z.string().nullable(),
  })
  .meta({ id: "TimelineEntry" });
