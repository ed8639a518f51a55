import { coversEveryAgency } from "../../store/agency-store.ts";
import type { ApiContext } from "../context.ts";
import { ForbiddenError } from "./errors.ts";
import type { SignedInUser } from "./session.ts";

/** For what counts in every region at once. Throws `ForbiddenError` unless the user's regions hold every agency's. */
export async function requireEveryAgency({ pool }: ApiContext, { regions }: SignedInUser): Promise<void> {
  if (await coversEveryAgency(pool, regions)) return;
  throw new ForbiddenError(
    "This counts for agencies outside of your regions too: somebody whose regions hold them all sets it 该设置对您辖区以外的机关同样生效，请由管辖全部机关的人员办理",
  );
}
