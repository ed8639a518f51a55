import { packedFormat } from "../frame-format.ts";
import type { ModelSpec } from "../model-spec.ts";
import { OnnxModel } from "../onnx-model.ts";
import { checkAgainst, referenceOf } from "./check-plan.ts";
import type { StreamColour } from "./colour.ts";
import type { Size } from "./fit-shape.ts";
import { buildGraph, factsOf, type Plan, type Step } from "./plan.ts";

/** What is to be prepared, and for which stream. */
export interface PreparationRequest {
  readonly spec: ModelSpec;
  /** Classes of the file's head. */
  readonly labelCount: number;
  readonly source: Size;
  readonly colour: StreamColour;
  /** The steps that would help. */
  readonly wanted: Plan;
}

/** A step that was left out. */
export interface RejectedStep {
  readonly step: Step;
  readonly reason: string;
}

export interface ChosenPlan {
  readonly plan: Plan;
  /** The graph of the plan; undefined when no step is left. */
  readonly graph: Uint8Array | undefined;
  readonly rejected: readonly RejectedStep[];
}

/** The size comes last, for its comparison forgives more. */
const ORDER = ["classes", "i420", "size"] as const;

/**
 * Takes the steps one by one and keeps those whose graph loads and finds what the file's own graph finds. Opens
 * and closes several sessions, which leaks: call it in a thread that ends afterwards.
 *
 * @param bytes the model's file, checked
 * @throws ModelLoadError when the file itself is refused
 */
export async function choosePlan(
  bytes: Uint8Array,
  { spec, labelCount, source, colour, wanted }: PreparationRequest,
  providers: readonly string[],
): Promise<ChosenPlan> {
  const plain = await OnnxModel.load(bytes, { spec, labelCount, pixelFormat: packedFormat(spec) }, providers);
  const reference = await referenceOf(plain, source, colour);
  await plain.release();
  let plan: Plan = {};
  let graph: Uint8Array | undefined;
  const rejected: RejectedStep[] = [];
  for (const step of ORDER) {
    if (wanted[step] === undefined) continue;
    const tried: Plan = { ...plan, [step]: wanted[step] };
    try {
      const built = buildGraph(bytes, spec, labelCount, tried);
      const prepared = await OnnxModel.load(built, factsOf(spec, labelCount, tried), providers);
      try {
        const kept = tried.classes ?? Array.from({ length: labelCount }, (_, index) => index);
        await checkAgainst(reference, prepared, tried, kept, source);
      } finally {
        await prepared.release();
      }
      plan = tried;
      graph = built;
    } catch (error) {
      // Whatever goes wrong in a step costs speed, not sight: the caller warns and goes on without it.
      rejected.push({ step, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { plan, graph, rejected };
}
