import type { User } from "../../store/user-read-model.ts";

/** Who is asking, read afresh from the database on every request: a disabled account stops at once. */
export type SignedInUser = User;

declare module "express-session" {
  interface SessionData {
    userId?: string;
  }
}
