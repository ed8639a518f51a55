import { z } from "zod";
import { roleIds } from "../../casework/roles.ts";
import { plainText } from "./common.ts";

export const userReply = z.object({
  userId: z.string(),
  login: z.string(),
  displayName: z.string(),
  roles: z.array(z.enum(roleIds)).readonly(),
  regions: z.array(z.string()).readonly(),
  mustChangePassword: z.boolean(),
});

export const sessionReply = z
  .object({
    user: userReply.nullable().meta({ description: "null: nobody is signed in" }),
    csrfToken: z
      .string()
      .meta({ description: "Send it as X-CSRF-Token with every request that changes something" }),
  })
  .meta({ id: "Session" });

export const signInBody = z.strictObject({
  login: plainText().trim().min(1).max(100),
  password: z.string().min(1).max(500),
});
export const passwordBody = z
  .strictObject({
    current: z.string().min(1).max(500),
    next: z.string().min(12, "at least 12 characters 至少 12 个字符").max(500),
  })
  // Somebody else has seen a one-time password: keeping it would make it no secret for good.
  .refine(({ current, next }) => next !== current, {
    path: ["next"],
    message: "must differ from the current one 不得与当前密码相同",
  });

export type SessionReply = z.infer<typeof sessionReply>;
