import { AppError } from "../domain/errors.ts";

/** The disk, or what this user may have of it, is used up; nothing half written is left under its final name. */
export class DiskFullError extends AppError {
  readonly code = "evidence.disk_full";
  override readonly retryable = true;
}

/** ENOSPC: no room; EDQUOT: no room for this user. */
const NO_ROOM = new Set(["ENOSPC", "EDQUOT"]);

/** The fault of writing `path`, with what to do about it where the disk is full; any other as it is. */
export function withRemedy(path: string, fault: unknown): unknown {
  const code = fault instanceof Error && "code" in fault ? fault.code : undefined;
  if (typeof code !== "string" || !NO_ROOM.has(code)) return fault;
  return new DiskFullError(
    `${path} could not be written: the disk is full (${code}). Free or add space there; it is then tried again by itself.`,
    { cause: fault },
  );
}
