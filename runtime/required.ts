import { UsageError } from "../pipeline/domain/errors.ts";

/** A setting this program cannot do without. */
export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined)
    throw new UsageError(
      `${name} is not set. \`npm run up\` sets everything; production sets it in the environment.`,
    );
  return value;
}
