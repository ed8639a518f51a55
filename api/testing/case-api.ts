import type { RoleId } from "../../casework/roles.ts";
import type { ApiClient } from "../../test-fixtures/api-client.ts";
import { certify, confirmThresholds, makeAgency } from "../../test-fixtures/casework-builders.ts";
import { allYes, county } from "../../test-fixtures/store-builders.ts";
import type { TestApi } from "./test-api.ts";
import { waitingIncident } from "./test-incidents.ts";

export type Client = ApiClient & { readonly userId: string };

/** Everybody a case needs, signed in, with certificates and an agency on record. */
export interface CasePeople {
  readonly officer: Client;
  readonly colleague: Client;
  readonly head: Client;
  readonly leader: Client;
  readonly deputy: Client;
  readonly legalReviewer: Client;
  readonly host: Client;
  readonly editor: Client;
  readonly archivist: Client;
}

/** Somebody signed in who may act: with certificate or qualification, whatever the roles ask for. */
export async function signedInCertified(
  api: TestApi,
  roles: readonly RoleId[],
  regions: readonly string[] = [county],
): Promise<Client> {
  const client = await api.signedIn(roles, regions);
  await certify(api.pool, client.userId, roles);
  return client;
}

export async function casePeople(api: TestApi): Promise<CasePeople> {
  await makeAgency(api.pool);
  const legalReviewer = await signedInCertified(api, ["legal_reviewer"]);
  await confirmThresholds(api.pool, {
    userId: legalReviewer.userId,
    actor: { kind: "user", userId: legalReviewer.userId, roles: ["legal_reviewer"] },
    regions: [county],
  });
  return {
    legalReviewer,
    officer: await signedInCertified(api, ["content_reviewer", "officer"]),
    colleague: await signedInCertified(api, ["officer"]),
    head: await signedInCertified(api, ["unit_head"]),
    leader: await signedInCertified(api, ["agency_leader"]),
    deputy: await signedInCertified(api, ["agency_leader"]),
    host: await signedInCertified(api, ["hearing_host"]),
    editor: await signedInCertified(api, ["publicity_editor"]),
    archivist: await signedInCertified(api, ["archivist"]),
  };
}

export async function confirmedIncident(
  api: TestApi,
  officer: Client,
  changes: Parameters<typeof waitingIncident>[1] = {},
  camera: Parameters<typeof waitingIncident>[2] = {},
): Promise<string> {
  const id = await waitingIncident(api, changes, camera);
  await officer.post(`/incidents/${id}/claim`);
  await officer.post(`/incidents/${id}/confirm`, { tests: allYes });
  return id;
}

/** A case of a confirmed incident; `/cases/‹id›`. */
export async function openedCase(api: TestApi, officer: Client): Promise<string> {
  const id = await confirmedIncident(api, officer);
  const reply = await officer.post(`/incidents/${id}/case`, { ground: "harm", note: "堵住盲道" });
  if (reply.status !== 201) throw new Error(`opening answered ${reply.status} ${reply.body.code}`);
  return `/cases/${reply.body.caseId}`;
}

/** Ready to be submitted: two officers and what one of them saw. */
export async function preparedCase(api: TestApi, { officer, colleague }: CasePeople): Promise<string> {
  const path = await openedCase(api, officer);
  await done(officer, path, { step: "assign_officers", officers: [officer.userId, colleague.userId] });
  await done(officer, path, inspection);
  return path;
}

export const inspection = {
  step: "record_inspection",
  place: "人民南路二段",
  text: "该车停放在人行道上，已拍照。",
  partyPresent: false,
  signed: "absent",
} as const;

/** Takes a step that must be taken. Returns the outcome. */
export async function done(client: Client, path: string, step: object) {
  const reply = await client.post(`${path}/steps`, step);
  if (reply.status !== 200)
    throw new Error(
      `${JSON.stringify(step).slice(0, 80)} answered ${reply.status} ${JSON.stringify(reply.body)}`,
    );
  return reply.body;
}
