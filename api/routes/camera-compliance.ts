import { complianceOn } from "../../casework/camera/compliance.ts";
import { useAuthorityOn } from "../../casework/camera/use-authority.ts";
import { localDate } from "../../casework/local-time.ts";
import { regionPrefix } from "../../casework/region.ts";
import { lawStanding } from "../../config/law-ranks.ts";
import { citation } from "../../config/laws.ts";
import { readCameraRecordsOf } from "../../store/camera-compliance-read-model.ts";
import {
  grantAuthority,
  recordInspection,
  recordListing,
  recordReview,
} from "../../store/camera-compliance-store.ts";
import { findCamera } from "../../store/camera-read-model.ts";
import { listAbnormalCameras } from "../../store/capture-count-read-model.ts";
import { NotFoundError } from "../../store/errors.ts";
import { readParameterSettings } from "../../store/parameter-store.ts";
import { withTx } from "../../store/pool.ts";
import { listPublicCameras } from "../../store/public-camera-read-model.ts";
import { recordCameraReview } from "../documents/forms.ts";
import { actOf } from "../http/act.ts";
import { defineRoute } from "../http/route.ts";
import {
  abnormalQuery,
  abnormalReply,
  authorityBody,
  authorityReply,
  complianceQuery,
  complianceReply,
  inspectionBody,
  inspectionReply,
  listingBody,
  listingReply,
  publicCameraQuery,
  publicCameraReply,
  reviewBody,
  reviewReply,
} from "../schemas/camera-compliance.ts";
import { cameraIdParams } from "../schemas/cameras.ts";

const tag = "cameras";
const DAY_MS = 86_400_000;

/** Before `cameraRoutes`: `/cameras/abnormal` is no camera. */
export const cameraComplianceRoutes = [
  defineRoute({
    method: "get",
    path: "/public/cameras",
    summary: "The public list of cameras: place, purpose, responsible body, start of use (行政处罚法 41)",
    tag: "public",
    access: "public",
    query: publicCameraQuery,
    reply: publicCameraReply,
    async handle({ context, query: { region, cursor, limit } }) {
      const items = await listPublicCameras(context.pool, localDate(context.clock.now()), {
        after: cursor,
        regionPrefix: region === undefined ? undefined : (regionPrefix(region) ?? region),
        limit: limit + 1,
      });
      const page = items.slice(0, limit);
      return { items: page, nextCursor: items.length > limit ? (page.at(-1)?.cameraId ?? null) : null };
    },
  }),
  defineRoute({
    method: "get",
    path: "/cameras/abnormal",
    summary: "Cameras with far more captures than those like them: have them looked at",
    tag,
    access: "camera.read",
    query: abnormalQuery,
    reply: abnormalReply,
    async handle({ context, user, query: { days, times } }) {
      const to = context.clock.now();
      const period = { from: to - days * DAY_MS, to, times };
      return { days, times, items: await listAbnormalCameras(context.pool, user.regions, period) };
    },
  }),
  defineRoute({
    method: "get",
    path: "/cameras/{id}/compliance",
    summary:
      "Whether a camera's records of a day may become evidence: every rule, what is wrong and what is needed",
    tag,
    access: "camera.read",
    params: cameraIdParams,
    query: complianceQuery,
    reply: complianceReply,
    async handle({ context, user, params, query }) {
      const { pool, casework } = context;
      const today = localDate(context.clock.now());
      const on = query.on ?? today;
      const camera = await findCamera(pool, user.regions, params.id, today);
      if (camera === undefined) throw new NotFoundError("camera", params.id);
      const records = await readCameraRecordsOf(pool, params.id);
      const parameters = casework.book.parametersOn(on, await readParameterSettings(pool));
      const rules = complianceOn(records, on, parameters, casework.book.calendar);
      return {
        cameraId: params.id,
        on,
        usable: rules.every(({ taints, faults }) => !taints || faults.length === 0),
        useAuthority: useAuthorityOn(records.authorities, on),
        rules: rules.map(({ faults, ...rule }) => ({
          ...rule,
          ok: faults.length === 0,
          faults: [...faults],
        })),
        reviews: records.reviews.map(withInstant),
        listings: records.listings.map(withInstant),
        inspections: records.inspections.map(withInstant),
        authorities: records.authorities.map(({ citation: cited, ...row }) => ({
          ...withInstant(row),
          citation: cited === null ? null : { ...cited, zh: citation(cited).zh },
        })),
      };
    },
  }),
  defineRoute({
    method: "post",
    path: "/cameras/{id}/reviews",
    summary: "Record a legal or technical review of a camera; passed when every point is good",
    tag,
    // Either kind of reviewer; which of them may make which is decided where it is written down.
    access: "camera.read",
    params: cameraIdParams,
    body: reviewBody,
    reply: reviewReply,
    status: 201,
    handle: ({ context, user, params, body }) =>
      withTx(context.pool, async (tx) => {
        const act = actOf(context, user);
        const review = await recordReview(tx, act, params.id, body);
        const { reviewId } = review;
        const form = { cameraId: params.id, reviewId };
        return { ...review, docId: await recordCameraReview(context, tx, act, form) };
      }),
  }),
  defineRoute({
    method: "post",
    path: "/cameras/{id}/listings",
    summary: "Put a camera on the public list, change its entry, or take it off",
    tag,
    access: "camera.manage",
    params: cameraIdParams,
    body: listingBody,
    reply: listingReply,
    status: 201,
    handle: ({ context, user, params, body }) =>
      withTx(context.pool, (tx) => recordListing(tx, actOf(context, user), params.id, body)),
  }),
  defineRoute({
    method: "post",
    path: "/cameras/{id}/inspections",
    summary: "Record a look at a camera's sign, upkeep or view, or its impact assessment",
    tag,
    access: "camera.manage",
    params: cameraIdParams,
    body: inspectionBody,
    reply: inspectionReply,
    status: 201,
    handle: ({ context, user, params, body }) =>
      withTx(context.pool, (tx) => recordInspection(tx, actOf(context, user), params.id, body)),
  }),
  defineRoute({
    method: "post",
    path: "/cameras/{id}/authorities",
    summary: "Say what a camera's records may be used for: more than a clue only by a law, for a time",
    tag,
    access: "camera.review_law",
    params: cameraIdParams,
    body: authorityBody,
    reply: authorityReply,
    status: 201,
    handle: ({ context, user, params, body }) =>
      withTx(context.pool, (tx) => grantAuthority(tx, actOf(context, user), params.id, body, lawStanding)),
  }),
];

function withInstant<Row extends { at: number }>({ at, ...row }: Row): Omit<Row, "at"> & { at: string } {
  return { ...row, at: new Date(at).toISOString() };
}
