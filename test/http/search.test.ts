import { afterAll, beforeAll, expect, test } from "vitest";
import type { DossierLine } from "../../contracts/services/dossier-views.ts";
import { dossierBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, openApiScene } from "./api-scene.ts";

interface Page {
  readonly items: DossierLine[];
  readonly next: string | null;
}

let scene: ApiScene;

const person = (name: string, value: string, kind = "personal-id") => ({
  type: "citizen",
  name,
  identities: [{ kind, value }],
});

const UNITS = { industry: { code: "H04.15", name: "Sở Công Thương" }, ward: { name: "UBND phường Tân Giang" } };

/** By number: what each dossier differs in. */
const DOSSIERS: Record<number, Record<string, unknown>> = {
  1: {
    applicant: person("Nguyễn Thị Đào", "001199000011"),
    receivedAt: "2026-11-18T09:00:00+07:00",
    receiptNumber: "BN-2026/0001",
  },
  2: {
    applicant: person("NGUYEN VAN AN", "B1234567", "passport"),
    receivedAt: "2026-11-19T00:00:00+07:00",
    channel: "counter",
    status: "processing",
    processingUnit: UNITS.ward,
  },
  3: {
    applicant: person("Đặng Ánh Nguyệt", "123456789", "old-id"),
    receivedAt: "2026-11-19T23:59:59+07:00",
    origin: "kiosk",
    procedureCode: "1.005129",
  },
  4: {
    applicant: person("Công ty TNHH Ví Dụ", "0100109106-001", "enterprise-code"),
    receivedAt: "2026-11-20T00:00:00+07:00",
    channel: "post",
    origin: "post",
    procedureCode: "1.005129",
    status: "finished",
  },
  5: {
    applicant: person("Trần Văn Nguyên", "001199000015"),
    submitter: {
      name: "Hoàng Thị Nộp",
      identities: [{ kind: "personal-id", value: "001199000099" }],
      relation: "authorised",
    },
    receivedAt: "2026-11-20T09:15:00+07:00",
    origin: "national-portal",
    status: "processing",
  },
};

beforeAll(async () => {
  scene = await openApiScene({ dispatch: false });
  for (const [number, parts] of Object.entries(DOSSIERS)) {
    const { status } = await scene.call("PUT", `/v1/dossiers/${codeOf(Number(number))}`, dossierBody(parts));
    expect(status).toBe(202);
  }
  await scene.call(
    "PUT",
    "/v1/dossiers/H04.16-261120-0001?known=true",
    dossierBody({
      applicant: person("Người Khác", "001199000016"),
      receivedAt: "2026-11-21T08:00:00+07:00",
    }),
  );
});
afterAll(() => scene.close());

/** The dossiers found, as numbers in the order of the answer; 16 is the one of another agency's code. */
const find = async (filters: Record<string, string>): Promise<number[]> => {
  const { body } = await scene.call<Page>("GET", `/v1/dossiers?${new URLSearchParams(filters)}`);
  expect(body.next).toBeNull();
  return body.items.map(({ code }) => (code.startsWith("H04.16") ? 16 : Number(code.slice(-4))));
};

test("without filters all are found, newest first by the time received", async () => {
  expect(await find({})).toEqual([16, 5, 4, 3, 2, 1]);
});

test("a line shows what a list needs", async () => {
  const { body } = await scene.call<Page>("GET", `/v1/dossiers?q=${codeOf(4)}`);
  expect(body.items).toEqual([
    {
      code: codeOf(4),
      procedureCode: "1.005129",
      procedureName: "Cấp Giấy chứng nhận đủ điều kiện an toàn thực phẩm",
      applicantName: "Công ty TNHH Ví Dụ",
      status: "finished",
      origin: "post",
      channel: "post",
      processingUnit: UNITS.industry,
      receivedAt: "2026-11-19T17:00:00.000Z",
      dueAt: "2026-11-30T10:00:00.000Z",
      sync: "pending",
    },
  ]);
});

const QUERIES: [string, string, number[]][] = [
  ["a whole dossier code", codeOf(3), [3]],
  ["a leading part of it", "H04.15-2611", [5, 4, 3, 2, 1]],
  ["another leading part", "H04.16", [16]],
  ["a trailing part", "0003", []],
  ["a wildcard", "H04%", []],
  ["an underscore", "H04_15", []],
  ["a receipt number", "BN-2026/0001", [1]],
  ["a receipt number in small letters", "bn-2026/0001", [1]],
  ["part of a receipt number", "BN-2026", []],
  ["a whole personal id", "001199000011", [1]],
  ["part of a personal id", "00119900001", []],
  ["an old id", "123456789", [3]],
  ["a passport in small letters", "b1234567", [2]],
  ["an enterprise code with its branch", "0100109106-001", [4]],
  ["an enterprise code without its branch", "0100109106", []],
  ["the submitter's personal id", "001199000099", [5]],
  ["a name without accents", "nguyen", [5, 2, 1]],
  ["a name with accents", "Nguyễn", [5, 2, 1]],
  ["two words of a name", "vi du", [4]],
  ["two words in another order", "dao NGUYEN", [1]],
  ["a word with đ", "đặng", [3]],
  ["the same word with d", "dang", [3]],
  ["part of a word", "nguy", []],
  ["words of two people", "dao dang", []],
  ["the submitter's name", "hoang", []],
  ["a name in decomposed letters", "Nguyễn".normalize("NFD"), [5, 2, 1]],
  ["spaces around", "  dao  ", [1]],
  ["nothing that is a word", "...", []],
  ["a quotation", "'; drop table dossiers --", []],
];

test.for(QUERIES)("q finds by %s: %j", async ([, q, numbers]) => {
  expect(await find({ q })).toEqual(numbers);
});

const FILTERS: [Record<string, string>, number[]][] = [
  [{ origin: "national-portal" }, [5]],
  [{ origin: "kiosk,post" }, [4, 3]],
  [{ status: "processing" }, [5, 2]],
  [{ status: "processing,finished" }, [5, 4, 2]],
  [{ procedureCode: "1.005129" }, [4, 3]],
  [{ procedureCode: "1.005129,2.000591" }, [16, 5, 4, 3, 2, 1]],
  [{ unit: "H04.15" }, [16, 5, 4, 3, 1]],
  [{ unit: "UBND phường Tân Giang" }, [2]],
  [{ channel: "counter" }, [2]],
  [{ channel: "counter,post" }, [4, 2]],
  [{ sync: "pending" }, [5, 4, 3, 2, 1]],
  [{ sync: "synced" }, [16]],
  [{ sync: "failed,blocked,none" }, []],
  [{ receivedFrom: "2026-11-20" }, [16, 5, 4]],
  [{ receivedTo: "2026-11-19" }, [3, 2, 1]],
  [{ receivedFrom: "2026-11-19", receivedTo: "2026-11-19" }, [3, 2]],
  [{ receivedFrom: "2026-11-19T17:00:00Z", receivedTo: "2026-11-20T02:15:00Z" }, [4]],
  [{ receivedFrom: "2026-11-20T09:15:00+07:00" }, [16, 5]],
  [{ status: "processing", channel: "counter" }, [2]],
  [{ status: "processing", channel: "post" }, []],
  [{ q: "nguyen", origin: "province", receivedTo: "2026-11-18" }, [1]],
];

test.for(FILTERS)("the filters %j find %j", async ([filters, numbers]) => {
  expect(await find(filters)).toEqual(numbers);
});

test("cursors walk everything exactly once, whatever the size of a page, also where times are equal", async () => {
  const own = await openApiScene({ dispatch: false });
  const seen = (moment: number) => ({ receivedAt: `2026-11-20T09:15:0${moment}.123456+07:00` });
  for (let n = 1; n <= 13; n++) await own.call("PUT", `/v1/dossiers/${codeOf(n)}`, dossierBody(seen(Math.ceil(n / 5))));
  const walk = async (limit: number): Promise<string[]> => {
    const codes: string[] = [];
    for (let cursor = ""; ; ) {
      const { body } = await own.call<Page>("GET", `/v1/dossiers?limit=${limit}${cursor}`);
      expect(body.items.length).toBeLessThanOrEqual(limit);
      codes.push(...body.items.map(({ code }) => code));
      if (body.next === null) return codes;
      expect(body.items).toHaveLength(limit);
      cursor = `&cursor=${encodeURIComponent(body.next)}`;
    }
  };
  const all = Array.from({ length: 13 }, (_, i) => codeOf(13 - i));
  for (const limit of [1, 4, 13, 200]) expect(await walk(limit)).toEqual(all);
  await own.close();
});

test("a filter goes on behind the cursor, and fifty is the size of a page when none is asked for", async () => {
  const own = await openApiScene({ dispatch: false });
  const put = (n: number) =>
    own.call("PUT", `/v1/dossiers/${codeOf(n)}?known=true`, dossierBody({ channel: n % 2 ? "online" : "counter" }));
  await Promise.all(Array.from({ length: 102 }, (_, n) => put(n)));
  const first = (await own.call<Page>("GET", "/v1/dossiers")).body;
  expect(first.items).toHaveLength(50);
  const online = (await own.call<Page>("GET", "/v1/dossiers?channel=online&limit=50")).body;
  const rest = (await own.call<Page>("GET", `/v1/dossiers?channel=online&limit=50&cursor=${online.next}`)).body;
  expect(rest.items).toHaveLength(1);
  expect([...online.items, ...rest.items].every(({ channel }) => channel === "online")).toBe(true);
  await own.close();
});

test("a dossier is found by its new name alone after it was put again", async () => {
  const path = "/v1/dossiers/H04.17-261120-0001?known=true";
  await scene.call("PUT", path, dossierBody({ applicant: person("Tên Cũ", "001199000021") }), { client: "health" });
  await scene.call("PUT", path, dossierBody({ applicant: person("Tên Mới", "001199000022") }), { client: "health" });
  const found = async (q: string) =>
    (await scene.call<Page>("GET", `/v1/dossiers?q=${q}`, undefined, { client: "health" })).body.items.length;
  expect([await found("cu"), await found("moi"), await found("001199000021"), await found("001199000022")]).toEqual([
    0, 1, 0, 1,
  ]);
});
