import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { FetchedPaper } from "../../contracts/services/papers.ts";
import type { Problem } from "../../src/http/problem.ts";
import { dossierBody } from "../gateway-scene.ts";
import { codeOf } from "../http/api-scene.ts";
import { formsOf } from "../http/personal-values.ts";
import { printRows } from "../http/tables.ts";
import { openLookUpScene } from "./look-up-scene.ts";
import { MARK, OWNER, openPapersScene, PAPER, PAPERS_SETTINGS, type PapersScene, PDF, REASON } from "./papers-scene.ts";

let scene: PapersScene;
beforeAll(async () => {
  scene = await openPapersScene();
});
afterAll(() => scene.close());
afterEach(() => scene.reset());

test("papers are found for an officer with the least that is said of a document, and the access is recorded without them", async () => {
  scene.portal.papers.add(PAPER);
  scene.portal.papers.add({ ...PAPER, MaKetQua: "KQ.G07.000200", files: [] });
  const { status, body } = await scene.find({}, { sub: "CB-A" });
  expect(status).toBe(200);
  expect(body.items).toEqual([
    {
      code: { owner: OWNER, type: "KQ.G07.000122" },
      name: PAPER.TenGiayTo,
      notation: "12/GP-SCT",
      agency: "000.00.00.G07",
      files: [{ name: `${MARK}.pdf`, id: expect.stringMatching(/^[\w-]{100,}$/u) }],
    },
    expect.objectContaining({ code: { owner: OWNER, type: "KQ.G07.000200" }, files: [] }),
  ]);
  const [record] = await scene.records("officer=CB-A");
  expect(record).toMatchObject({
    id: body.requestId,
    platform: "national-portal",
    kind: "papers-found",
    subject: "•••••••••293",
    dossierCode: codeOf(1),
    purpose: "processing-verification",
    end: { outcome: "found", fields: ["code", "name", "notation", "agency", "files"] },
  });
});

test("an owner of nothing has an empty list", async () => {
  const { status, body } = await scene.find({}, { sub: "CB-B" });
  expect([status, body.items]).toEqual([200, []]);
  expect((await scene.records("officer=CB-B"))[0]?.end).toMatchObject({ outcome: "not-found", fields: [] });
});

test("a file is kept encrypted among the uploads, is read by its owner, and stands in the dossier as from the store", async () => {
  const id = await scene.foundId();
  const { status, body } = await scene.fetchFile<FetchedPaper>(id, {}, {});
  expect(status).toBe(201);
  expect(body).toEqual({
    fileId: expect.stringMatching(/^file_[\da-f]{32}$/u),
    url: `http://127.0.0.1:8080/v1/files/${body.fileId}/content`,
    name: `${MARK}.pdf`,
    type: "application/pdf",
    size: PDF.length,
  });
  const content = await scene.request("GET", `/v1/files/${body.fileId}/content`);
  expect(Buffer.from(await content.arrayBuffer()).equals(PDF)).toBe(true);
  const [record] = await scene.records("kind=paper-fetched");
  expect(record).toMatchObject({ subject: "•••••••••293", end: { outcome: "found", fields: ["file"] } });

  const sent = { id: "1", name: "a.pdf", url: body.url, fromNationalStore: true };
  const made = { id: "2", name: "b.pdf", url: "https://files.example.vn/2", fromNationalStore: true };
  const upload = await scene.request("POST", "/v1/files?name=c.pdf", "%PDF-1.7 c");
  const { url } = (await upload.json()) as { url: string };
  const put = await scene.call<{ warnings: { code: string; field: string }[] }>(
    "PUT",
    `/v1/dossiers/${codeOf(1)}`,
    dossierBody({
      submittedFiles: [sent, made, { ...sent, id: "3", url }, { ...made, id: "4", fromNationalStore: false }],
    }),
  );
  expect(put.status).toBe(202);
  expect(put.body.warnings.filter(({ code }) => code === "not_from_store").map(({ field }) => field)).toEqual([
    "submittedFiles[1].fromNationalStore",
    "submittedFiles[2].fromNationalStore",
  ]);
});

test("an officer's hour holds for papers too", async () => {
  const limited = await openLookUpScene({ settings: { ...PAPERS_SETTINGS, LOOKUPS_PER_OFFICER_HOUR: "1" } });
  try {
    await limited.call("PUT", `/v1/dossiers/${codeOf(1)}`, dossierBody());
    const ask = async () =>
      limited.call<Problem>(
        "POST",
        "/v1/citizens/papers",
        { ...REASON, personalId: OWNER },
        { token: await limited.officer() },
      );
    expect((await ask()).status).toBe(200);
    expect((await ask()).body.code).toBe("rate_limited");
  } finally {
    await limited.close();
  }
});

test("where the store is not configured nothing is asked or stored", async () => {
  const without = await openLookUpScene();
  try {
    const token = await without.officer();
    const body = { ...REASON, personalId: OWNER };
    const answer = await without.storesNothing(() =>
      without.call<Problem>("POST", "/v1/citizens/papers", body, { token }),
    );
    expect([answer.status, answer.body.code]).toEqual([503, "not_configured"]);
  } finally {
    await without.close();
  }
});

test("no table holds a number, a name or a byte of what was found and fetched", async () => {
  const id = await scene.foundId();
  expect((await scene.fetchFile<FetchedPaper>(id)).status).toBe(201);
  const written = await printRows(scene.database);
  expect(new Set(written.map(({ table }) => table))).toContain("public.uploaded_files");
  const needles = [OWNER, MARK, "12/GP-SCT", "/kho/giay-phep-1", PDF.toString("base64"), id];
  const found = written.flatMap(({ table, row }) =>
    needles
      .filter((needle) => formsOf(needle).some((form) => row.includes(form)))
      .map((needle) => `${table}: ${needle}`),
  );
  expect(found).toEqual([]);
});
