import { z } from "zod";
import { type ParameterKey, type Parameters, parameterKinds } from "../casework/parameters.ts";

/** period, fen, flag, count, list or text */
export type ParameterKind = (typeof parameterKinds)[ParameterKey];

const kinds = {
  period: z.strictObject({ count: z.int().min(1).max(3_660), unit: z.enum(["WD", "CD", "MO", "YR"]) }),
  fen: z.int().nonnegative(),
  flag: z.boolean(),
  count: z.int().nonnegative().max(1_000_000),
  list: z
    .array(z.string().trim().min(1))
    .refine((items) => new Set(items).size === items.length, "names one twice"),
  text: z.string().trim().min(1),
} satisfies Record<ParameterKind, z.ZodType>;

/** What a value of this kind has to be: for the API, and for rows of the database. */
export function parameterValueSchema(kind: ParameterKind): z.ZodType {
  return kinds[kind];
}

const percent = kinds.count.max(100);
const clockTime = "([01]\\d|2[0-3]):[0-5]\\d";

/** Narrower than the kind, where most values of the kind would be nonsense. */
const narrower: Partial<Record<ParameterKey, z.ZodType>> = {
  "surcharge.permillePerDay": kinds.count.max(1_000),
  "broadcast.minPrecisionPercent": percent,
  "repeat.count": kinds.count.min(1),
  "likeCases.minimum": kinds.count.min(1),
  "likeCases.outlierMads": kinds.count.min(1),
  "documents.zeroPadding": kinds.count.max(8),
  "speaker.quietHours": z
    .string()
    .regex(new RegExp(`^${clockTime}[-–]${clockTime}$`), "must be like 22:00–07:00"),
};

/** What the value of this parameter has to be. */
export function valueSchemaOf(key: ParameterKey): z.ZodType {
  return narrower[key] ?? kinds[parameterKinds[key]];
}

export function isParameterKey(key: string): key is ParameterKey {
  return Object.hasOwn(parameterKinds, key);
}

export const parameterKeys = Object.keys(parameterKinds) as ParameterKey[];

export type ParameterValue = ReturnType<Parameters["get"]>;
