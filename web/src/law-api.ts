import type { z } from "zod";
import type { parameterListReply } from "../../api/schemas/law.ts";
import { call } from "./api.ts";

export type ParameterList = z.infer<typeof parameterListReply>;
export type Parameter = ParameterList["items"][number];

export const lawApi = {
  parameters: () => call<ParameterList>("GET", "/parameters"),
  confirm: (key: string, setting: object) =>
    call<ParameterList>("POST", `/parameters/${encodeURIComponent(key)}/settings`, setting),
};
