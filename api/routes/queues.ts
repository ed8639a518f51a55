import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { ExpressAdapter } from "@bull-board/express";
import { type RequestHandler, Router } from "express";
import { queueNames } from "../../queue/jobs.ts";
import type { ApiContext } from "../context.ts";
import { ForbiddenError, NotSignedInError, PasswordChangeRequiredError } from "../http/errors.ts";
import type { SignedInUser } from "../http/session.ts";

export const QUEUE_BOARD_PATH = "/admin/queues";

/**
 * The queues as pages, for system administrators to look at. Nobody changes anything here: what the queues hold is
 * armed from the record, and a job pulled out by hand would leave no trace on it. Stands behind `sessions` and
 * `currentUser`.
 */
export function queueBoardRouter({ producer }: ApiContext): Router {
  const server = new ExpressAdapter();
  server.setBasePath(QUEUE_BOARD_PATH);
  createBullBoard({
    queues: queueNames.map((name) => new BullMQAdapter(producer.queue(name), { readOnlyMode: true })),
    serverAdapter: server,
    options: { uiConfig: { boardTitle: "Forewarn 先劝" } },
  });
  const router = Router();
  router.use(onlyAdministrators, onlyReading, server.getRouter());
  return router;
}

const onlyAdministrators: RequestHandler = (_req, res, next) => {
  const user = res.locals.user as SignedInUser | undefined;
  if (user === undefined) throw new NotSignedInError("Please sign in 请先登录");
  if (user.mustChangePassword)
    throw new PasswordChangeRequiredError("Choose a password of your own first 请先修改一次性密码");
  if (!user.roles.includes("system_admin"))
    throw new ForbiddenError("The queues are for system administrators 任务队列仅限系统管理员查看");
  next();
};

const onlyReading: RequestHandler = (req, _res, next) => {
  if (req.method !== "GET" && req.method !== "HEAD")
    throw new ForbiddenError("The queues can be looked at here, not changed 此处只能查看任务队列");
  next();
};
