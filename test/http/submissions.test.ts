import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EntryDetail, EntryView } from "../../contracts/services/ledger.ts";
import type { SubmissionAccepted } from "../../contracts/services/submission-views.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { type ChosenItem, repeatDelivered } from "../../src/replays/repeat-delivered.ts";
import { type ApiScene, type CallOptions, openApiScene } from "./api-scene.ts";

const agency = { code: "H04.15", name: "Sở Công Thương" };
const question = (parts: object = {}) => ({ fieldCode: "G15-HT01", content: "Nộp hồ sơ ở đâu?", agency, ...parts });
const answer = (parts: object = {}) => ({
  agencyCode: "H04.15",
  officer: { name: "Lê Văn Mẫu", title: "Công chức" },
  answeredAt: "2026-11-20T14:10:00+07:00",
  content: "Tại Trung tâm phục vụ hành chính công.",
  ...parts,
});
const satisfaction = (parts: object = {}) => ({
  month: "2026-04",
  procedureCode: "2.000591",
  agency,
  respondents: 40,
  handling: { verySatisfied: 70, satisfied: 25, notSatisfied: 5 },
  service: { verySatisfied: 60, satisfied: 40, notSatisfied: 0 },
  ...parts,
});

let scene: ApiScene;
const call = (method: string, path: string, body: object, options?: CallOptions) =>
  scene.call<SubmissionAccepted>(method, path, body, options);
const putQuestion = (id: string, parts: object = {}, options?: CallOptions) =>
  call("PUT", `/v1/questions/${id}`, question(parts), options);
const entriesOf = async (subject: string) => {
  const { body } = await scene.call<{ items: EntryView[] }>("GET", `/v1/ledger?subject=${encodeURIComponent(subject)}`);
  return body.items.toReversed();
};
const states = async (subject: string) =>
  (await entriesOf(subject)).map(({ operation, state }) => `${operation} ${state}`);

describe("with the portal there", () => {
  beforeAll(async () => {
    scene = await openApiScene({ now: () => new Date("2026-11-20T10:00:00Z") });
    scene.portal.addQuestion({ HOIDAPID: "dvcqg-1", NOIDUNG: "Nộp ở đâu?" });
  });
  afterAll(() => scene.close());

  test("a question, an answer and a month of satisfaction are accepted and reach the portal", async () => {
    const put = await putQuestion("own-1");
    expect(put.status).toBe(202);
    expect(put.body).toMatchObject({
      questionId: "own-1",
      exchanges: [{ platform: "national-portal", operation: "question.put", state: "queued" }],
      warnings: [],
    });
    expect((await call("POST", "/v1/questions/dvcqg-1/answer", answer())).status).toBe(202);
    expect((await call("POST", "/v1/satisfaction", satisfaction())).body).toMatchObject({
      month: "2026-04",
      procedureCode: "2.000591",
      warnings: [],
    });
    await scene.drained();
    const { questions, asked, satisfaction: months } = scene.portal.state.submissions;
    expect(questions.get("own-1")?.NOIDUNG).toBe("Nộp hồ sơ ở đâu?");
    expect(asked.get("dvcqg-1")?.answers.map(({ NGUOITRALOI }) => NGUOITRALOI)).toEqual(["Lê Văn Mẫu"]);
    expect([...months.values()].map(({ NgayTongHop }) => NgayTongHop)).toEqual(["4-2026"]);
    const [entry] = await entriesOf("question:dvcqg-1");
    const { body } = await scene.call<EntryDetail>("GET", `/v1/ledger/${entry?.id}`);
    expect(body).toMatchObject({ state: "delivered", subject: "question:dvcqg-1" });
    expect(body.dossierCode).toBeUndefined();
    expect(JSON.stringify(body.attemptLog)).not.toContain("Lê Văn Mẫu");
    expect(JSON.stringify(body.attemptLog)).toContain("dvcqg-1");
  });

  test("the same again is the same exchange, other content is another one", async () => {
    const first = (await putQuestion("own-2")).body.exchanges[0]?.id;
    await scene.drained();
    const again = (await putQuestion("own-2")).body.exchanges;
    expect(again).toMatchObject([{ id: first, state: "delivered" }]);
    expect((await putQuestion("own-2", { content: "Khác" })).body.exchanges[0]?.id).not.toBe(first);
    await scene.drained();
    expect(await states("question:own-2")).toEqual(["question.put delivered", "question.put delivered"]);
  });

  test("what was refused goes again when it is sent again, without an operator, and is not open to correction", async () => {
    const path = "/v1/questions/dvcqg-late/answer";
    await call("POST", path, answer());
    await scene.drained();
    const [failed] = await entriesOf("question:dvcqg-late");
    expect(failed).toMatchObject({ state: "failed", error: { code: "upstream_rejected" } });
    const correction = await scene.call("POST", `/v1/ledger/${failed?.id}/corrections`, { payload: {}, reason: "sửa" });
    expect([correction.status, correction.body.code]).toEqual([409, "conflict"]);
    scene.portal.addQuestion({ HOIDAPID: "dvcqg-late", NOIDUNG: "Đến muộn" });
    await call("POST", path, answer());
    await scene.drained();
    expect(await states("question:dvcqg-late")).toEqual(["question.answer superseded", "question.answer delivered"]);
    expect(scene.portal.state.submissions.asked.get("dvcqg-late")?.answers.length).toBe(1);
  });

  test("a key gives the first answer again, and refuses other content", async () => {
    const headers = { "idempotency-key": "q-key" };
    const first = await putQuestion("own-3", {}, { headers });
    const again = await putQuestion("own-3", {}, { headers });
    expect(again.text).toBe(first.text);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    const other = await scene.call("PUT", "/v1/questions/own-3", question({ content: "Khác" }), { headers });
    expect([other.status, other.body.code]).toEqual([422, "idempotency_key_reused"]);
  });

  test("what one agency put first is closed to another: 403 on PUT, 404 for an answer; its own root may", async () => {
    await putQuestion("own-4", {}, { client: "industry" });
    const refused = await scene.storesNothing(() =>
      scene.call("PUT", "/v1/questions/own-4", question(), { client: "health" }),
    );
    expect([refused.status, refused.body.code]).toEqual([403, "forbidden"]);
    const hidden = await scene.storesNothing(() =>
      scene.call("POST", "/v1/questions/own-4/answer", answer(), { client: "health" }),
    );
    expect([hidden.status, hidden.body.code]).toEqual([404, "not_found"]);
    expect((await putQuestion("own-4", { content: "Của tỉnh" }, { client: "province" })).status).toBe(202);
    const seen = await scene.call<{ items: EntryView[] }>("GET", "/v1/ledger?subject=question:own-4", undefined, {
      client: "health",
    });
    expect(seen.body.items).toEqual([]);
  });

  test("who may only read may send none of them", async () => {
    for (const [method, path, body] of [
      ["PUT", "/v1/questions/own-5", question()],
      ["POST", "/v1/questions/own-5/answer", answer()],
      ["POST", "/v1/satisfaction", satisfaction()],
    ] as const) {
      expect((await scene.call(method, path, body, { client: "reader" })).status).toBe(403);
    }
  });

  test("shares that do not add up, shares of nobody and a month that is not over are warned of", async () => {
    const warnings = async (parts: object) =>
      (await call("POST", "/v1/satisfaction", satisfaction({ procedureCode: "2.000033", ...parts }))).body.warnings.map(
        ({ code, field }) => `${field} ${code}`,
      );
    const off = { verySatisfied: 70, satisfied: 25, notSatisfied: 4 };
    const none = { verySatisfied: 0, satisfied: 0, notSatisfied: 0 };
    expect(await warnings({ handling: off })).toEqual(["handling shares_not_100"]);
    expect(await warnings({ respondents: 0, handling: none, service: none })).toEqual([]);
    expect(await warnings({ respondents: 0, handling: none })).toEqual(["service shares_of_nobody"]);
    expect(await warnings({ month: "2026-11" })).toEqual(["month month_not_over"]);
  });

  test("a delivered month is replayed as it was, but not once a newer one came", async () => {
    const body = { procedureCode: "2.000034", month: "2026-02" };
    const subject = "satisfaction:2.000034:2026-02:H04.15";
    const replay = async (id: string | undefined) => {
      const [item] = await rows<ChosenItem>(
        scene.database,
        sql`select id::text as key, id::text as entry_id, platform, operation, stream, subject, dossier_code, client, agency, 'delivered' as state
            from entries where id = ${id ?? "0"}::bigint`,
      );
      if (item === undefined) throw new Error("no such entry");
      return scene.database.transaction((transaction) =>
        repeatDelivered(transaction, scene.gateway.tenant, scene.gateway.sealer, item, "replay"),
      );
    };
    const first = (await call("POST", "/v1/satisfaction", satisfaction(body))).body.exchanges[0]?.id;
    await scene.drained();
    const repeated = await replay(first);
    expect(repeated.kind).toBe("repeated");
    await scene.drained();
    const again = (await call("POST", "/v1/satisfaction", satisfaction(body))).body.exchanges[0];
    expect(again).toMatchObject({ id: repeated.kind === "repeated" ? repeated.id : "", state: "delivered" });
    await call("POST", "/v1/satisfaction", satisfaction({ ...body, respondents: 41 }));
    await scene.drained();
    expect(await replay(first)).toEqual({ kind: "needless" });
    expect(await states(subject)).toEqual(Array(3).fill("satisfaction.put delivered"));
  });

  const BAD: [string, string, string, object, string[]][] = [
    ["a question without content", "PUT", "/v1/questions/b", question({ content: undefined }), ["content required"]],
    [
      "a text that is too long",
      "PUT",
      "/v1/questions/b",
      question({ content: "ạ".repeat(10_001) }),
      ["content too_long"],
    ],
    [
      "an agency of no shape",
      "PUT",
      "/v1/questions/b",
      question({ agency: { code: "?", name: "x" } }),
      ["agency.code invalid_agency_code"],
    ],
    [
      "an answer without offset",
      "POST",
      "/v1/questions/b/answer",
      answer({ answeredAt: "2026-11-20T14:10:00" }),
      ["answeredAt offset_required"],
    ],
    ["an answer of nobody", "POST", "/v1/questions/b/answer", answer({ officer: {} }), ["officer.name required"]],
    [
      "a month as the portal writes it",
      "POST",
      "/v1/satisfaction",
      satisfaction({ month: "4-2026" }),
      ["month invalid_format"],
    ],
    ["a thirteenth month", "POST", "/v1/satisfaction", satisfaction({ month: "2026-13" }), ["month invalid_format"]],
    [
      "a share over 100",
      "POST",
      "/v1/satisfaction",
      satisfaction({ service: { verySatisfied: 101, satisfied: 0, notSatisfied: 0 } }),
      ["service.verySatisfied out_of_range"],
    ],
    [
      "a share as text",
      "POST",
      "/v1/satisfaction",
      satisfaction({ service: { verySatisfied: "70%", satisfied: 0, notSatisfied: 0 } }),
      ["service.verySatisfied wrong_type"],
    ],
  ];
  test.each(BAD)("%s is refused and stores nothing", async (_name, method, path, body, faults) => {
    await scene.refuses(method, path, body, faults);
  });
});

test("a profile without these services answers 503 not_configured and stores nothing", async () => {
  scene = await openApiScene({
    dispatch: false,
    settings: {
      NATIONAL_PORTAL_PROFILE: "connector-v1",
      NATIONAL_PORTAL_CLIENT_ID: "c",
      NATIONAL_PORTAL_CLIENT_SECRET: "s",
    },
  });
  const refused = await scene.storesNothing(() => scene.call("PUT", "/v1/questions/own-1", question()));
  expect([refused.status, refused.body.code]).toEqual([503, "not_configured"]);
  await scene.close();
});

test("a full update that was not sent yet is superseded by the next, and an answer never is", async () => {
  scene = await openApiScene({ dispatch: false });
  await putQuestion("s-1");
  await call("POST", "/v1/questions/s-1/answer", answer());
  await putQuestion("s-1", { content: "Hai" });
  await putQuestion("s-1", { content: "Ba" });
  expect(await states("question:s-1")).toEqual([
    "question.put queued",
    "question.answer queued",
    "question.put superseded",
    "question.put queued",
  ]);
  const both = await Promise.all([putQuestion("s-2"), putQuestion("s-2")]);
  expect(new Set(both.map(({ body }) => body.exchanges[0]?.id)).size).toBe(1);
  await scene.close();
});
