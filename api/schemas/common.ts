import { z } from "zod";

/** An enum of a table's keys. */
export function enumOf<K extends string>(table: Record<K, unknown>): z.ZodEnum<{ [key in K]: key }> {
  return z.enum(Object.keys(table) as [K, ...K[]]) as unknown as z.ZodEnum<{ [key in K]: key }>;
}

export const instant = z.string().meta({ format: "date-time", description: "UTC" });

export const pageQuery = z.object({
  cursor: z.string().max(200).optional(),
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
