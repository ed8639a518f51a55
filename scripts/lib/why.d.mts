export type Cause = "disk" | "network" | "permission" | "other";
export function causeOf(output: string): Cause;
export function complaint(output: string): string;
export function sentence(
  what: string,
  output: string,
  remedies?: Partial<Record<Cause | "any", string>>,
): string;
