import { z } from "zod";
import { type ExportPurpose, exportPurposes } from "../../casework/evidence/evidence-export.ts";
import { enumOf } from "./common.ts";

export const exportBody = z.strictObject({
  include: z
    .enum(["masked", "all"])
    .meta({ description: "masked: without originals. all: by a running grant for the same purpose only" }),
  why: enumOf<ExportPurpose>(exportPurposes).meta({ description: "Stays in the evidence log for ever" }),
});

export type ExportBody = z.infer<typeof exportBody>;
