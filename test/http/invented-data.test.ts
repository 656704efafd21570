import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Dossier } from "../../contracts/services/dossier.ts";
import type { DossierAccepted, EventAccepted } from "../../contracts/services/dossier-views.ts";
import { INVENTED_DATA_WARNINGS } from "../../contracts/services/invented-data.ts";
import { inventedInDossier } from "../../src/dossiers/invented-data.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, openApiScene } from "./api-scene.ts";

const base = dossierBody() as Dossier;
const found = (parts: Partial<Dossier>) =>
  inventedInDossier({ ...base, ...parts }).map(({ code, field }) => `${field} ${code}`);
const applicant = (parts: Partial<Dossier["applicant"]>) => ({ applicant: { ...base.applicant, ...parts } });

describe("what looks made up", () => {
  test("an ordinary dossier has none of it", () => {
    expect(found({})).toEqual([]);
  });

  test.each(["000000001", "999999999", "123456789", "987654321", "012345678", "000000000"])(
    "the old identity number %s is a placeholder",
    (value) => {
      expect(found(applicant({ identities: [{ kind: "old-id", value }] }))).toEqual([
        "applicant.identities[0].value placeholder_identity",
      ]);
    },
  );
  test.each(["001199000001", "123456780", "100000001", "012345679", "C1234567"])("%s is none", (value) => {
    expect(found(applicant({ identities: [{ kind: "passport", value }] }))).toEqual([]);
  });

  test.each(["0000000000", "0123456789", "1111111111", "0000-0000-00"])(
    "the phone number %s is a placeholder",
    (phone) => {
      expect(found(applicant({ phone }))).toEqual(["applicant.phone placeholder_phone"]);
    },
  );
  test.each(["0912345678", "0987654320", "02403855555", "113", "+84 000000000"])(
    "the phone number %s is none",
    (phone) => {
      expect(found(applicant({ phone }))).toEqual([]);
    },
  );

  test.each(["test@gmail.com", "abc@abc.com", "khongco@gmail.com", "vidu@example.com", "A@A.com"])(
    "the address %s is a placeholder",
    (email) => {
      expect(found(applicant({ email }))).toEqual(["applicant.email placeholder_email"]);
    },
  );
  test.each(["vidu@example.vn", "an.tran@gmail.com", "testa@gmail.com"])("the address %s is none", (email) => {
    expect(found(applicant({ email }))).toEqual([]);
  });

  test("times that copy the receipt are named, whatever their offset; at the counter filing is receiving", () => {
    const utc = "2026-11-20T02:15:00Z";
    const times = { submittedAt: utc, dueAt: utc, finishedAt: utc, returnedAt: utc };
    const named = ["dueAt copied_time", "finishedAt copied_time", "returnedAt copied_time"];
    expect(found({ ...times, channel: "online" })).toEqual([...named, "submittedAt copied_time"]);
    expect(found({ ...times, channel: "counter" })).toEqual(named);
    expect(found({ finishedAt: "2026-11-20T02:15:01Z" })).toEqual([]);
  });

  test("a result that is a submitted file is named, by its address or its id", () => {
    const submittedFiles = [{ id: "1", name: "Đơn.pdf", url: "https://f.vn/1" }];
    const result = (id: string, url: string) => ({ id, name: "Kết quả", url });
    const results = [result("9", "https://f.vn/1"), result("1", "https://f.vn/9"), result("8", "https://f.vn/8")];
    expect(found({ submittedFiles, results })).toEqual([
      "results[0] result_is_submitted_file",
      "results[1] result_is_submitted_file",
    ]);
  });

  test("the submitter is looked at like the applicant", () => {
    const submitter: Dossier["submitter"] = { name: "Lê Nộp", identities: [], phone: "0000000000", relation: "self" };
    expect(found({ submitter })).toEqual(["submitter.phone placeholder_phone"]);
  });
});

describe("at accept", () => {
  let scene: ApiScene;
  beforeAll(async () => {
    scene = await openApiScene({ dispatch: false });
  });
  afterAll(() => scene.close());

  test("it is taken with a warning in the caller's language, and goes out as it came", async () => {
    const path = `/v1/dossiers/${codeOf(1)}`;
    const body = dossierBody(applicant({ phone: "0000000000" }));
    const put = (language: string) =>
      scene.call<DossierAccepted>("PUT", path, body, { headers: { "accept-language": language } });
    const vi = await put("vi");
    expect([vi.status, vi.body.exchanges.length]).toEqual([202, 1]);
    expect(vi.body.warnings).toEqual([
      { code: "placeholder_phone", field: "applicant.phone", message: INVENTED_DATA_WARNINGS.placeholder_phone.vi },
    ]);
    expect((await put("en")).body.warnings[0]?.message).toBe(INVENTED_DATA_WARNINGS.placeholder_phone.en);
  });

  test.each(["Chuyên viên", "  CÁN BỘ  xử lý ", "admin"])("a step by %o is taken with a warning", async (name) => {
    await scene.call("PUT", `/v1/dossiers/${codeOf(2)}`, dossierBody());
    const event = eventBody(`e-${name}`, { officer: { name } });
    const { status, body } = await scene.call<EventAccepted>("POST", `/v1/dossiers/${codeOf(2)}/events`, event);
    expect(status).toBe(202);
    expect(body.warnings.map(({ code }) => code)).toContain("placeholder_officer");
  });

  test.each([
    ["summary", { summary: "ạ".repeat(30_000) }, ["summary too_long"]],
    ["summary", { summary: "ạ".repeat(1001) }, ["summary profile_limit"]],
    ["note", { note: "ạ".repeat(2001) }, ["note profile_limit"]],
    [
      "a paper of a supplement",
      {
        supplements: [
          {
            id: "1",
            requestedBy: "Lê Văn Mẫu",
            content: "x",
            requestedAt: "2026-11-20T10:00:00+07:00",
            status: "1",
            papers: [{ id: "1", name: "ạ".repeat(4001), url: "https://f.vn/1" }],
          },
        ],
      },
      ["supplements[0].papers[0].name profile_limit"],
    ],
  ])(
    "%s longer than the portal takes is refused by its own name, and nothing is cut or kept",
    async (_name, parts, faults) => {
      await scene.refuses("PUT", `/v1/dossiers/${codeOf(3)}`, dossierBody(parts), faults);
    },
  );
});
