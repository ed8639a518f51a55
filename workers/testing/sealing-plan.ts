import { z } from "zod";

/** What a `sealing-program` is to seal. */
export const sealingPlanSchema = z.strictObject({
  footage: z.string().min(1),
  cameraIds: z.array(z.string().min(1)).min(1),
  /** Candidates of each camera, from the first on. */
  perCamera: z.int().min(1),
});
export type SealingPlan = z.infer<typeof sealingPlanSchema>;
