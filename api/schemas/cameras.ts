import { z } from "zod";
import { type UseAuthority, useAuthorities } from "../../casework/case/step-facts.ts";
import { cameraFromUnknown } from "../../config/camera-file.ts";
import { cameraFileSchema, SOURCE_SCHEMES } from "../../config/camera-file-schema.ts";
import { type Fault, InvalidInputError } from "../../pipeline/domain/errors.ts";
import type { Camera } from "../../pipeline/domain/types.ts";
import { enumOf, instant, plainText } from "./common.ts";

const useAuthority = enumOf<UseAuthority>(useAuthorities);
const version = z.number().int();

export const cameraIdParams = z.object({ id: plainText().min(1).max(80) });

export const cameraListReply = z.object({
  items: z.array(
    z
      .object({
        cameraId: z.string(),
        name: z.string(),
        region: z.string(),
        place: z.string(),
        enabled: z.boolean(),
        useAuthority,
        version,
        rules: z.number().int(),
      })
      .meta({ id: "Camera" }),
  ),
});

export const cameraReply = z
  .object({
    cameraId: z.string(),
    camera: z
      .looseObject({})
      .meta({ id: "StoredCameraFile", override: jsonSchemaOf(cameraFileSchema.omit({ source: true })) }),
    source: z
      .object({ scheme: z.string(), transport: z.enum(["tcp", "udp"]) })
      .nullable()
      .meta({ description: "By which road the stream comes; its address is told to nobody" }),
    enabled: z.boolean(),
    useAuthority,
    version: version.meta({ description: "Grows with zones, rules, place and name" }),
    updatedAt: instant,
  })
  .meta({ id: "CameraDetail" });

const outcome = z.enum(["created", "changed", "unchanged"]);
export const putCameraReply = cameraReply.extend({ outcome }).meta({ id: "PutCameraReply" });

/** Only streams: a path would let whoever may manage cameras look at the files of the machine that watches. */
const STREAM_SCHEMES: readonly string[] = SOURCE_SCHEMES.filter((scheme) => scheme !== "file");

export const putCameraBody = z.strictObject({
  camera: z
    .looseObject({})
    .transform(toCamera)
    .meta({
      id: "CameraFile",
      description: `The camera file. Leave \`source\` out to keep the stored one; only ${STREAM_SCHEMES.join(", ")} addresses are taken here.`,
      override: jsonSchemaOf(cameraFileSchema),
    }),
  enabled: z
    .boolean()
    .optional()
    .meta({ description: "Left out: a new camera is switched on, a known one stays as it is" }),
  ifVersion: version
    .min(0)
    .optional()
    .meta({ description: "The version that was changed, 0 for a new camera; another one by now: 409" }),
});

export type CameraReply = z.infer<typeof cameraReply>;

/** The camera, or every fault of it, with paths as in a camera file. */
function toCamera(value: Record<string, unknown>, context: z.RefinementCtx): Camera {
  const faults = networkFaults(value);
  try {
    const camera = cameraFromUnknown(value);
    if (faults.length === 0) return camera;
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    faults.unshift(...error.faults);
  }
  for (const { path, message } of faults)
    context.addIssue({ code: "custom", path: path === "" ? [] : [path], message });
  return z.NEVER;
}

const addresses = z.object({ source: z.object({ url: z.string(), subUrl: z.string() }).partial() });

/** Never repeats the address: it may hold a password. */
function networkFaults(value: unknown): Fault[] {
  const raw = addresses.safeParse(value);
  if (!raw.success) return [];
  return Object.entries(raw.data.source).flatMap(([key, url = ""]) => {
    const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
    if (scheme !== undefined && scheme !== "file") return [];
    return [
      {
        path: `source.${key}`,
        message: `files and paths are not taken over the network, only ${STREAM_SCHEMES.join(", ")} addresses; \`forewarn camera add\` on the machine itself takes files`,
      },
    ];
  });
}

/** As people write it: what a transform makes of it is ours. */
function jsonSchemaOf(schema: z.ZodType): object {
  const { $schema: _, ...shape } = z.toJSONSchema(schema, { io: "input" });
  return shape;
}
