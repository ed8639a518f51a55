import { z } from "zod";
import { type ParameterKey, parameterKinds } from "../../casework/parameters.ts";
import { enumOf, plainText } from "./common.ts";

const date = z.string().meta({ format: "date" });

export const parameterParams = z.object({ key: enumOf<ParameterKey>(parameterKinds) });
export const parameterListReply = z
  .object({
    items: z.array(
      z.object({
        key: z.string(),
        kind: z.enum(["period", "fen", "flag", "count", "list", "text"]),
        zh: z.string(),
        value: z.unknown(),
        tag: z.enum(["T", "S", "M", "P"]).meta({
          description: "T: text read in full; S: secondary source; M: from memory; P: our own default",
        }),
        confirmed: z.boolean().meta({ description: "Where false, no decision may rest on it" }),
        basis: z.string().nullable(),
        source: z.string().nullable().meta({ description: "What it was confirmed from" }),
        confirmedBy: z.string().nullable(),
        confirmedByName: z.string().nullable(),
        confirmedOn: date.nullable(),
        validFrom: date.nullable(),
        validTo: date.nullable(),
        note: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "ParameterList" });
export const confirmParameterBody = z.strictObject({
  value: z.unknown().meta({ description: "As the parameter's kind wants it; a period is {count, unit}" }),
  source: plainText().trim().min(4).max(1000).meta({ description: "The text it was confirmed from" }),
  validFrom: z.iso.date(),
  validTo: z.iso.date().nullable().default(null),
});

export const agencyParams = z.object({ id: z.string().regex(/^[\w-]{1,40}$/) });
const agencyFields = {
  region: z.string().regex(/^[1-9]\d{5}$/),
  zh: plainText().trim().min(2).max(100),
  numberPrefix: plainText().trim().min(1).max(30).meta({ description: "川建（城）" }),
  address: plainText().trim().max(200),
  phone: plainText().trim().max(60),
  reviewBody: plainText().trim().max(100).meta({ description: "行政复议机关" }),
  court: plainText().trim().max(100).meta({ description: "有管辖权的人民法院" }),
  payee: plainText().trim().max(200).meta({ description: "罚款代收机构和账户" }),
  powers: z.array(plainText().max(60)).max(200).meta({ description: "Matters it was given power over" }),
};
export const agencyBody = z.strictObject(agencyFields);
export const agencyReply = z
  .object({ agency: z.string(), version: z.number().int(), ...agencyFields })
  .meta({ id: "Agency" });
export const agencyListReply = z.object({ items: z.array(agencyReply) }).meta({ id: "AgencyList" });

export const certificateParams = z.object({ id: plainText().min(1).max(80) });
export const certificateBody = z
  .strictObject({
    no: plainText().trim().min(3).max(40),
    validFrom: z.iso.date(),
    validTo: z.iso.date(),
  })
  .refine(({ validFrom, validTo }) => validFrom <= validTo, {
    path: ["validTo"],
    message: "lies before validFrom",
  });
export const qualificationBody = z.strictObject({ holds: z.boolean() });
export const doneReply = z.object({ done: z.literal(true) }).meta({ id: "Done" });
