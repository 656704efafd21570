import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Problem } from "../../src/http/problem.ts";
import { codeOf, faultsOf } from "../http/api-scene.ts";
import { MARK, MEBIBYTE, OWNER, openPapersScene, PAPER, type PapersScene, PDF, REASON } from "./papers-scene.ts";

let scene: PapersScene;
beforeAll(async () => {
  scene = await openPapersScene();
});
afterAll(() => scene.close());
afterEach(() => scene.reset());

describe("refused without asking the store:", () => {
  test("no officer's token, and a client that may look nobody up", async () => {
    const before = scene.asked();
    for (const path of ["/v1/citizens/papers", "/v1/citizens/papers/files"]) {
      const body = path.endsWith("files") ? { ...REASON, id: "x" } : { ...REASON, personalId: OWNER };
      expect((await scene.call<Problem>("POST", path, body)).body.code).toBe("forbidden");
      expect((await scene.call<Problem>("POST", path, body, { client: "reader" })).status).toBe(403);
      expect((await scene.call("POST", path, body, { token: null })).status).toBe(401);
    }
    expect(scene.asked()).toBe(before);
  });

  test("a body that is none", async () => {
    const before = scene.asked();
    const wrong = {
      "personalId invalid_personal_id": { personalId: "1".repeat(12) },
      "purpose not_allowed": { purpose: "curiosity" },
      "fullName unknown_field": { fullName: "A" },
      "results[0].code required": { results: [{}] },
    };
    for (const [fault, parts] of Object.entries(wrong)) {
      const answer = await scene.find<Problem>(parts);
      expect([answer.status, faultsOf(answer.body)]).toEqual([400, [fault]]);
    }
    expect(faultsOf((await scene.fetchFile("")).body)).toHaveLength(1);
    expect(scene.asked()).toBe(before);
  });

  test("others' dossier and another procedure are recorded as refused", async () => {
    const before = scene.asked();
    expect((await scene.find<Problem>({ procedureCode: "1.005129" }, { sub: "CB-C" })).status).toBe(409);
    expect((await scene.find<Problem>({ dossierCode: codeOf(2) }, { sub: "CB-C", iss: "industry" })).status).toBe(404);
    const ends = (await scene.records("officer=CB-C")).map(({ end }) => [end?.outcome, end?.errorCode]);
    expect(ends).toEqual([
      ["refused", "not_found"],
      ["refused", "conflict"],
    ]);
    expect(scene.asked()).toBe(before);
  });

  test("a handle of another officer, of another client, for another dossier, or changed is not found", async () => {
    const id = await scene.foundId();
    const before = scene.asked();
    const foreign = [
      await scene.fetchFile(id, {}, { sub: "CB-002" }),
      await scene.fetchFile(id, {}, { iss: "industry" }),
      await scene.fetchFile(id, { dossierCode: codeOf(3) }),
      await scene.fetchFile(`${id.slice(0, 60)}${id[60] === "A" ? "B" : "A"}${id.slice(61)}`),
      await scene.fetchFile("../../etc/passwd"),
      await scene.fetchFile("AQ"),
    ];
    expect(foreign.map(({ status, body }) => [status, body.code])).toEqual(foreign.map(() => [404, "not_found"]));
    expect(scene.asked()).toBe(before);
  });

  test("a handle of 15 minutes ago is gone, and that is recorded", async () => {
    const id = await scene.foundId(PAPER, { sub: "CB-D" });
    await scene.officer({ sub: "CB-D" });
    const before = scene.asked();
    scene.pass(15 * 60_000);
    const late = await scene.fetchFile(id, {}, { sub: "CB-D" });
    expect([late.status, late.body.code]).toEqual([410, "gone"]);
    const [record] = await scene.records("officer=CB-D&kind=paper-fetched");
    expect(record?.end).toMatchObject({ outcome: "refused", errorCode: "gone" });
    expect(scene.asked()).toBe(before);
  });
});

describe("a fault of the store", () => {
  const faults = [
    [{ fault: "latency", ms: 3000, times: 1 }, 504, "upstream_timeout"],
    [{ fault: "close", times: 1 }, 503, "upstream_unavailable"],
    [{ fault: "html", times: 1 }, 502, "upstream_malformed"],
    [{ fault: "truncated", times: 1 }, 502, "upstream_malformed"],
    [{ fault: "http-status", status: 404, times: 1 }, 502, "upstream_malformed"],
    [{ fault: "error-body", code: "7", message: `Từ chối ${MARK}`, times: 1 }, 422, "upstream_rejected"],
  ] as const;
  for (const [rule, status, code] of faults) {
    test(`${rule.fault} is ${code} for the list and for a file, is recorded, leaves no file, and is never "nothing held"`, async () => {
      const id = await scene.foundId();
      const files = await scene.stored();
      scene.portal.dial.set([{ ...rule, service: "papers" }]);
      const list = await scene.find<Problem>({}, { sub: `CB-${status}` });
      scene.portal.dial.set([{ ...rule, service: "paper-file" }]);
      const file = await scene.fetchFile(id);
      expect([list.status, list.body.code, file.status, file.body.code]).toEqual([status, code, status, code]);
      expect(list.text + file.text).not.toContain(MARK);
      const [record] = await scene.records(`officer=CB-${status}`);
      expect(record?.end).toMatchObject({ outcome: "failed", errorCode: code, fields: [] });
      expect(await scene.stored()).toBe(files);
    });
  }

  test("a file that is no base64, that is not held, or that is too large is told so, and leaves nothing", async () => {
    const files = await scene.stored();
    const cases = [
      [{ base64: "%%%" }, 502, "upstream_malformed"],
      [{ base64: `${PDF.toString("base64")}!` }, 502, "upstream_malformed"],
      [{ size: 20 * MEBIBYTE }, 413, "payload_too_large"],
    ] as const;
    for (const [file, status, code] of cases) {
      const held = [{ TenTep: "a.pdf", DuongDan: "/kho/a", ...file }];
      const id = await scene.foundId({ ...PAPER, files: held });
      const answer = await scene.fetchFile(id);
      expect([answer.status, answer.body.code]).toEqual([status, code]);
      scene.portal.papers.clear();
      const gone = await scene.fetchFile(id);
      expect([gone.status, gone.body.code]).toEqual([404, "not_found"]);
    }
    expect(await scene.stored()).toBe(files);
  });

  test("an answer with somebody else's paper releases nothing", async () => {
    scene.portal.papers.add({ ...PAPER, MaKetQua: "099203718294.KQ" });
    const answer = await scene.find<Problem>();
    expect([answer.status, answer.body.code]).toEqual([502, "upstream_malformed"]);
  });
});
