import { AppError } from "../../pipeline/domain/errors.ts";

/** A measurement could not be taken to its end. */
export class BenchStepError extends AppError {
  readonly code = "bench.step_failed";
}
