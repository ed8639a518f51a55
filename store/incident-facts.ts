import { z } from "zod";
import { CAPTURE_FAULTS } from "../pipeline/evidence/capture-gate.ts";

const unit = z.number();
const instant = z.string();

/**
 * What an incident keeps of its candidate and bundle, so that a desk need not open the bundle: written once when
 * the incident is recorded, read by everything that shows it. The bundle's manifest stays the authority.
 */
export const incidentFacts = z.object({
  label: z.string(),
  score: unit,
  box: z.tuple([unit, unit, unit, unit]),
  location: z.object({ lat: z.number(), lon: z.number(), place: z.string() }),
  zone: z.object({ id: z.string(), polygon: z.array(z.tuple([unit, unit])) }),
  rule: z.object({ id: z.string(), dwellSeconds: z.number(), graceSeconds: z.number() }),
  startedAt: instant,
  dwellMs: z.number(),
  unobservedMs: z.number(),
  ledger: z.array(z.object({ kind: z.enum(["observed", "unobserved"]), from: instant, to: instant })),
  model: z.object({ id: z.string(), sha256: z.string() }),
  /**
   * Whether it may be offered as evidence, and what it lacks where it is a lead only. Null: recorded before captures
   * were graded, so nobody can say.
   */
  capture: z
    .object({
      grade: z.enum(["evidence", "lead"]),
      shortfalls: z.array(
        z.object({ fault: z.enum(CAPTURE_FAULTS), wanted: z.number(), found: z.number().nullable() }),
      ),
    })
    .nullable()
    .default(null),
  /**
   * What a machine read. Shown to whoever reviews, and used for nothing: nobody has confirmed it. Null: nothing was
   * read, or the evidence is deleted and the plate with it.
   */
  plate: z.object({ text: z.string(), confidence: z.number() }).nullable().default(null),
});

export type IncidentFactsRecord = z.infer<typeof incidentFacts>;
