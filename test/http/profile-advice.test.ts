import { afterAll, beforeAll, expect, test } from "vitest";
import type { DossierAccepted } from "../../contracts/services/dossier-views.ts";
import { portalSettings } from "../../mocks/start-simulator.ts";
import { dossierBody } from "../gateway-scene.ts";
import { type ApiScene, openApiScene } from "./api-scene.ts";

const CODE = "H04.15-261120-0001";
const FILE = { id: "1", name: "a.pdf", url: "https://files.example.vn/1" };
let scene: ApiScene;

beforeAll(async () => {
  scene = await openApiScene({
    portal: false,
    dispatch: false,
    settings: { NATIONAL_PORTAL_PROFILE: "connector-v1", ...portalSettings("connector-v1", "http://portal.test") },
  });
});
afterAll(() => scene.close());

const put = async (parts: Readonly<Record<string, unknown>>, headers: Record<string, string> = {}) => {
  const answer = await scene.call<DossierAccepted>("PUT", `/v1/dossiers/${CODE}`, dossierBody(parts), { headers });
  expect(answer.status).toBe(202);
  return answer.body.warnings;
};

test("what the profile does not carry is told when the dossier is accepted, in the caller's language", async () => {
  const warnings = await put({ submittedFiles: [FILE] }, { "accept-language": "en" });
  expect(warnings.map(({ code, field }) => `${code} ${field}`)).toEqual(
    expect.arrayContaining(["not_carried summary, dueAt", "files_not_sent submittedFiles"]),
  );
  expect(warnings.find(({ code }) => code === "not_carried")?.message).toContain("has no fields for these");
});

test("a later put is told that it updates in part", async () => {
  const warnings = await put({ status: "processing" });
  expect(warnings.map(({ code }) => code)).toContain("update_is_partial");
  expect(warnings.find(({ code }) => code === "update_is_partial")?.message).toContain("chỉ cập nhật được: status");
});

test("an applicant that the profile has no code for is refused by name", async () => {
  const applicant = { type: "agency", name: "Sở Công Thương", identities: [] };
  const answer = await scene.call("PUT", "/v1/dossiers/H04.15-261120-0002", dossierBody({ applicant }));
  expect(answer.status).toBe(400);
  expect(answer.body.errors?.map(({ field, code }) => [field, code])).toEqual([["applicant.type", "no_mapping"]]);
});
