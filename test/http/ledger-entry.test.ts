import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ERRORS } from "../../contracts/errors.ts";
import type { DossierAccepted, EventAccepted } from "../../contracts/services/dossier-views.ts";
import type { EntryDetail } from "../../contracts/services/ledger.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, openApiScene } from "./api-scene.ts";
import { ledgerCalls, PATIENT, REFUSAL } from "./ledger-calls.ts";

let scene: ApiScene;
const { put, read, until, lastCode, retry, failedPut, calmDown } = ledgerCalls(() => scene);

beforeAll(async () => {
  scene = await openApiScene({ settings: PATIENT });
});
afterEach(calmDown);
afterAll(() => scene.close());

test("an entry shows what was accepted, from whom, and how it stands", async () => {
  const headers = { "x-correlation-id": "corr-1" };
  const path = `/v1/dossiers/${codeOf(9001)}`;
  const { body } = await scene.call<DossierAccepted>("PUT", path, dossierBody(), { client: "industry", headers });
  await scene.drained();
  const entry = await read(body.exchanges[0]?.id ?? "");
  expect(entry).toEqual({
    id: body.exchanges[0]?.id,
    direction: "out",
    platform: "national-portal",
    operation: "dossier.put",
    subject: codeOf(9001),
    dossierCode: codeOf(9001),
    client: "industry",
    state: "delivered",
    priority: 1,
    attempts: entry.attemptLog.length,
    acceptedAt: expect.any(String),
    settledAt: expect.any(String),
    correlationId: "corr-1",
    attemptLog: expect.any(Array),
  });
  expect(entry.attemptLog.map(({ n }) => n)).toEqual(entry.attemptLog.map((_, i) => i + 1));
  expect(entry.attemptLog.at(-1)).toMatchObject({ kind: "send", outcome: "delivered", httpStatus: 200 });
});

test("a failed entry says what the platform said, what it means and what to do, in the caller's language", async () => {
  const id = await failedPut();
  const entry = await read(id);
  expect(entry.error).toEqual({
    code: "upstream_rejected",
    platformCode: "3",
    title: ERRORS.upstream_rejected.title.vi,
    detail: "Thiếu trường",
    remedy: ERRORS.upstream_rejected.remedy.vi,
    retry: "never",
  });
  const english = await scene.call<EntryDetail>("GET", `/v1/ledger/${id}`, undefined, {
    headers: { "accept-language": "en" },
  });
  expect(english.body.error).toMatchObject({ title: ERRORS.upstream_rejected.title.en });
  expect(entry.attemptLog.at(-1)).toMatchObject({ kind: "send", outcome: "refused", errorCode: "upstream_rejected" });
});

test("the detail of an entry hides every personal value of the dossier, also where the platform repeats a number", async () => {
  const personal = {
    applicant: {
      type: "citizen",
      name: "Quách Thị Tường Vi",
      identities: [{ kind: "personal-id", value: "001199765432" }],
      email: "tuongvi@thudientu.vn",
      phone: "0987654321",
      fax: "02063851234",
    },
    summary: "Cấp giấy cho Quách Thị Tường Vi",
    note: "Liên hệ bà Vi buổi sáng",
    receiptNumber: "BN778899",
  };
  scene.portal.dial.set({
    ...REFUSAL,
    times: 1,
    message: "Công dân 001199765432 (0987654321, tuongvi@thudientu.vn) không hợp lệ",
  });
  const id = await put(personal);
  const step = `/v1/dossiers/${lastCode()}/events`;
  await until(id, "failed");
  await retry(id);
  await until(id, "delivered");
  const event = eventBody("e1", { officer: { name: "Tống Văn Cán" }, content: "Đã gọi bà Vi" });
  const { body } = await scene.call<EventAccepted>("POST", step, event);
  await scene.drained();
  const shown = [
    await scene.call("GET", `/v1/ledger/${id}`),
    await scene.call("GET", `/v1/ledger/${body.exchanges[0]?.id}`),
  ];
  const list = await scene.call("GET", `/v1/ledger?dossierCode=${lastCode()}`);
  const secrets =
    /Quách|Tường|tuongvi|thudientu|001199765432|0987654321|02063851234|BN778899|buổi sáng|Tống|Đã gọi|session-\d/u;
  for (const { text } of [...shown, list]) expect(text).not.toMatch(secrets);
  const [detail] = shown as unknown as [{ body: EntryDetail }];
  expect(detail.body.attemptLog.some(({ request }) => request.includes(lastCode()))).toBe(true);
  expect(detail.body.attemptLog.some(({ response }) => response.includes("001•••432"))).toBe(true);
});
