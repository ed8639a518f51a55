import { localDate } from "../../casework/local-time.ts";
import { parameterKinds } from "../../casework/parameters.ts";
import { faultsOf } from "../../config/faults.ts";
import { listParameters, parameterValueSchema } from "../../config/parameters.ts";
import { InvalidInputError } from "../../pipeline/domain/errors.ts";
import { confirmParameter, readParameterSettings } from "../../store/parameter-store.ts";
import { withTx } from "../../store/pool.ts";
import { readNames } from "../../store/user-read-model.ts";
import type { ApiContext } from "../context.ts";
import { actOf } from "../http/act.ts";
import { requireEveryAgency } from "../http/every-agency.ts";
import { defineRoute } from "../http/route.ts";
import { confirmParameterBody, parameterListReply, parameterParams } from "../schemas/law.ts";

async function parametersToday(context: ApiContext) {
  const today = localDate(context.clock.now());
  const settings = await readParameterSettings(context.pool);
  const names = await readNames(
    context.pool,
    settings.map(({ confirmedBy }) => confirmedBy),
  );
  const items = listParameters(today, settings).map(({ setting, ...parameter }) => ({
    ...parameter,
    source: setting?.source ?? null,
    confirmedBy: setting?.confirmedBy ?? null,
    confirmedByName: names.get(setting?.confirmedBy ?? "") ?? null,
    confirmedOn: setting?.confirmedOn ?? null,
  }));
  return { items };
}

export const lawRoutes = [
  defineRoute({
    method: "get",
    path: "/parameters",
    summary: "Every number the law or the agency sets, how sure we are of it, and whether it was confirmed",
    tag: "law",
    access: "parameter.read",
    reply: parameterListReply,
    handle: ({ context }) => parametersToday(context),
  }),
  defineRoute({
    method: "post",
    path: "/parameters/{key}/settings",
    summary: "Confirm a parameter's value, with the text it was confirmed from; earlier ones stay on record",
    tag: "law",
    access: "parameter.confirm",
    params: parameterParams,
    body: confirmParameterBody,
    reply: parameterListReply,
    status: 201,
    async handle({ context, user, params: { key }, body }) {
      const value = parameterValueSchema(parameterKinds[key]).safeParse(body.value);
      if (!value.success) throw new InvalidInputError("body.value", faultsOf(value.error));
      await requireEveryAgency(context, user);
      await withTx(context.pool, (tx) =>
        confirmParameter(tx, actOf(context, user), { ...body, key, value: value.data }),
      );
      return parametersToday(context);
    },
  }),
];
