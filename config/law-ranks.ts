import { z } from "zod";
import type { LawStanding } from "../casework/camera/record-guards.ts";
import type { LocalDate } from "../casework/clocks/clock.ts";
import { InvalidInputError } from "../pipeline/domain/errors.ts";
import { readCatalogue } from "./catalogue.ts";
import { faultsOf } from "./faults.ts";
import { findLaw, lawOn } from "./laws.ts";

const FILE = "law-ranks.json";

const known = z.string().refine((id) => findLaw(id) !== undefined, "names a law that laws.json lacks");

const ranks = z
  .strictObject({
    source: z.string().min(1),
    law: z.array(known),
    administrative_regulation: z.array(known),
  })
  .refine(({ law, administrative_regulation: regulations }) => !law.some((id) => regulations.includes(id)), {
    path: ["administrative_regulation"],
    message: "names what is a law already",
  });

/** Checks a list of ranks; throws `InvalidInputError` with every fault. */
export function lawRanksFromUnknown(value: unknown, source: string): z.infer<typeof ranks> {
  const parsed = ranks.safeParse(value);
  if (!parsed.success) throw new InvalidInputError(source, faultsOf(parsed.error));
  return parsed.data;
}

const listed = lawRanksFromUnknown(readCatalogue(FILE), `config/catalogue/${FILE}`);

/** Rank of the law in force on that day, and whether its text was read in full; undefined for one not on record. */
export function lawStanding(id: string, date: LocalDate): LawStanding {
  const law = lawOn(id, date);
  if (law === undefined) return undefined;
  const { verified } = law;
  if (listed.law.includes(id)) return { rank: "law", verified };
  if (listed.administrative_regulation.includes(id)) return { rank: "administrative_regulation", verified };
  return { rank: "other", verified };
}
