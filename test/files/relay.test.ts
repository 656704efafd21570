import { createHash } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FileLinkView } from "../../contracts/services/files.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { printRows } from "../http/tables.ts";
import { type FilesScene, openFilesScene, pdf, until } from "./files-scene.ts";

let scene: FilesScene;

beforeAll(async () => {
  scene = await openFilesScene();
});
afterAll(() => scene.close());

const linksOf = async (code: string, query = ""): Promise<FileLinkView[]> =>
  (await scene.call<{ items: FileLinkView[] }>("GET", `/v1/files?dossierCode=${code}${query}`)).body.items;

test("the portal is given a link of ours and opens the province's file by it, whole and in part", async () => {
  const bytes = pdf(200_000);
  const { code, link } = await scene.relay("/files/to-khai", { bytes, etag: '"v1"' });
  expect(link).toMatch(
    new RegExp(`^${scene.publicUrl}/portal/downloadfile/[\\da-f]{8}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{12}$`),
  );
  const report = await fetch(`${scene.served.url}/__simulator/files`, { method: "POST" });
  expect(await report.json()).toEqual({
    files: [
      {
        MaHoSo: code,
        field: "DuongDanTaiTepTin",
        url: link,
        status: 200,
        type: "application/pdf",
        bytes: bytes.length,
        sha256: createHash("sha256").update(bytes).digest("hex"),
        rangeAgrees: true,
      },
    ],
  });
});

test("the answer is to be saved under its Vietnamese name, with the type of its bytes and never that of the server", async () => {
  const { link } = await scene.relay("/files/ten", { bytes: pdf(100) }, { name: 'Tờ khai "A";đơn.pdf' });
  const { headers } = await fetch(link);
  expect(headers.get("content-type")).toBe("application/pdf");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("content-disposition")).toBe(
    `attachment; filename="T_ khai _A____n.pdf"; filename*=UTF-8''T%E1%BB%9D%20khai%20%22A%22%3B%C4%91%C6%A1n.pdf`,
  );
});

test("the same file of a dossier keeps its link over updates; another dossier's has another", async () => {
  const { code, link } = await scene.relay("/files/chung", { bytes: pdf(10) });
  await scene.deliver(
    [{ url: `${scene.fileServer.url}/files/chung` }, { url: `${scene.fileServer.url}/files/moi` }],
    code,
  );
  expect(scene.held(code)[0]).toBe(link);
  const other = await scene.deliver([{ url: `${scene.fileServer.url}/files/chung` }]);
  expect(scene.held(other.code)[0]).not.toBe(link);
});

test("a message that is tried again, also by a dispatcher started later, carries the link it had before", async () => {
  const links = () =>
    rows<{ id: string; link_digest: string }>(
      scene.database,
      sql`select id, link_digest from relayed_files order by id`,
    );
  const known = (await links()).length;
  scene.portal.dial.set([{ service: "DongBoHoSoMC", fault: "http-status", status: 503 }]);
  scene.fileServer.files.set("/files/lan-hai", { bytes: pdf(10) });
  const delivery = scene.deliver([{ url: `${scene.fileServer.url}/files/lan-hai` }]);
  await until("it was tried and has a link", async () => (await links()).length > known);
  await scene.stopDispatch();
  const made = await links();
  scene.portal.dial.clear();
  scene.startDispatch();
  const { code } = await delivery;
  expect(await links()).toEqual(made);
  const entries = await scene.call<{ items: { attempts: number }[] }>("GET", `/v1/ledger?dossierCode=${code}`);
  expect(entries.body.items[0]?.attempts).toBeGreaterThan(1);
  expect((await fetch(scene.held(code)[0] ?? "")).status).toBe(200);
});

test("for random ranges the bytes relayed are those of the file, from servers with and without ranges", async () => {
  const bytes = pdf(20_000, 7);
  const { link } = await scene.relay("/files/khoang", { bytes });
  const { link: plain } = await scene.relay("/files/khoang-2", { bytes, withoutRanges: true });
  const range = fc.tuple(fc.nat(25_000), fc.option(fc.nat(25_000), { nil: null }), fc.boolean());
  await fc.assert(
    fc.asyncProperty(range, async ([first, length, ranged]) => {
      const header = length === null ? `bytes=-${first}` : `bytes=${first}-${first + length}`;
      const answer = await fetch(ranged ? link : plain, { headers: { range: header } });
      const from = length === null ? Math.max(0, bytes.length - first) : first;
      const part = bytes.subarray(from, length === null ? undefined : first + length + 1);
      if (part.length === 0) {
        expect([answer.status, answer.headers.get("content-range")]).toEqual([416, `bytes */${bytes.length}`]);
        return;
      }
      expect(answer.status).toBe(206);
      expect(answer.headers.get("content-range")).toBe(`bytes ${from}-${from + part.length - 1}/${bytes.length}`);
      expect(Buffer.from(await answer.arrayBuffer()).equals(part)).toBe(true);
    }),
    { numRuns: 40, seed: 20261122 },
  );
});

test("ranges that mean nothing give the whole file", async () => {
  const bytes = pdf(500);
  const { link } = await scene.relay("/files/rac", { bytes });
  for (const range of [
    "bytes=abc",
    "bytes=9-2",
    "bytes=0-1,5-6",
    "lines=1-2",
    "bytes=--1",
    `bytes=${"9".repeat(40)}-`,
    "bytes=-",
  ]) {
    const answer = await fetch(link, { headers: { range } });
    expect([range, answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([range, 200, 500]);
  }
});

test("HEAD tells size, type and version without bytes; If-Range gives the part of that version alone", async () => {
  const bytes = pdf(5000);
  const { link } = await scene.relay("/files/head", { bytes, etag: '"v1"' });
  const head = await fetch(link, { method: "HEAD" });
  expect([head.status, head.headers.get("content-length"), head.headers.get("accept-ranges")]).toEqual([
    200,
    "5000",
    "bytes",
  ]);
  const etag = head.headers.get("etag") ?? "";
  expect(etag).toMatch(/^"[\w-]+"$/u);
  const part = await fetch(link, { headers: { range: "bytes=10-19", "if-range": etag } });
  expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 10]);
  scene.fileServer.files.set("/files/head", { bytes: pdf(5001, 2), etag: '"v2"' });
  const whole = await fetch(link, { headers: { range: "bytes=10-19", "if-range": etag } });
  expect([whole.status, (await whole.arrayBuffer()).byteLength]).toEqual([200, 5001]);
});

test("a link that was taken back, or whose file is deleted or replaced, is gone; a file that comes back opens again", async () => {
  const url = `${scene.fileServer.url}/files/doi`;
  const { code, link } = await scene.relay("/files/doi", { bytes: pdf(10) });
  await scene.deliver([{ url, deleted: true }], code);
  expect((await fetch(link)).status).toBe(410);
  await scene.deliver([{ url }], code);
  expect((await fetch(link)).status).toBe(200);
  await scene.deliver([{ url: `${scene.fileServer.url}/files/khac` }], code);
  const replaced = await fetch(link);
  expect([replaced.status, ((await replaced.json()) as { code: string }).code]).toEqual([410, "gone"]);
  expect((await linksOf(code)).map(({ revokedBecause }) => revokedBecause)).toContain("replaced");
  await scene.deliver([{ url }], code);
  const id = (await linksOf(code)).find(({ revokedAt }) => revokedAt === undefined)?.id;
  expect((await scene.call("DELETE", `/v1/files/${id}`)).status).toBe(200);
  expect((await fetch(link)).status).toBe(410);
  await scene.deliver([{ url, name: "lai.pdf" }], code);
  expect((await fetch(link)).status).toBe(410);
});

test("every opening is audited, with a digest of who asked and how it ended; no table holds link or address in clear", async () => {
  const { code, link } = await scene.relay("/files/nhat-ky", { bytes: pdf(64) });
  await (await fetch(link)).arrayBuffer();
  await fetch(link, { method: "HEAD" });
  await fetch(link, { headers: { range: "bytes=900-" } });
  const [file] = await linksOf(code);
  const reads = await rows<{ outcome: string; bytes: string | null; asker: string }>(
    scene.database,
    sql`select outcome, bytes, asker from file_reads where file_id = ${file?.id ?? ""} order by id`,
  );
  expect(reads.map(({ outcome, bytes }) => [outcome, bytes])).toEqual([
    ["served", "64"],
    ["head", "0"],
    ["unsatisfiable", null],
  ]);
  for (const { asker } of reads) expect(asker).toMatch(/^[\w-]+\.[\w-]{43}$/u);
  const printed = JSON.stringify(await printRows(scene.database));
  expect(printed).not.toContain(link.slice(-36));
  expect(printed).not.toContain("/files/nhat-ky");
});

test("a file that cannot be read is found out after it was sent, at most once in a while, and fails nothing", async () => {
  const { code } = await scene.deliver([{ url: `${scene.fileServer.url}/files/khong-co` }]);
  await until("it was looked at", async () => (await linksOf(code))[0]?.reachable === false);
  const unreachable = await linksOf(code, "&reachable=false");
  expect(unreachable).toMatchObject([
    { reachable: false, cause: "not_found", warnings: [{ code: "file_unreachable" }] },
  ]);
  const looks = () => scene.fileServer.asked.filter((path) => path === "/files/khong-co").length;
  const before = looks();
  await scene.deliver(
    [{ url: `${scene.fileServer.url}/files/khong-co` }, { url: `${scene.fileServer.url}/files/x` }],
    code,
  );
  await until("the other was looked at", async () =>
    (await linksOf(code)).every(({ checkedAt }) => checkedAt !== undefined),
  );
  expect(looks()).toBe(before);
  const shown = await scene.call<{ files: object; sync: { state: string; lastDeliveredAt: string }[] }>(
    "GET",
    `/v1/dossiers/${code}`,
  );
  expect(shown.body.files).toEqual({ links: 2, unreachable: 2 });
  const entries = await scene.call<{ items: { id: string }[] }>("GET", `/v1/ledger?dossierCode=${code}`);
  const entry = await scene.call<{ warnings: { code: string; field: string }[] }>(
    "GET",
    `/v1/ledger/${entries.body.items[0]?.id}`,
  );
  expect(entry.body.warnings.map((warning) => warning.code)).toEqual(["file_unreachable", "file_unreachable"]);
  expect((await scene.call<{ sync: { state: string }[] }>("GET", `/v1/dossiers/${code}`)).body.sync[0]?.state).toBe(
    "synced",
  );
});

test("a file that is not what its name says is a warning, and is served as what it is, never as a page", async () => {
  const page = new TextEncoder().encode("<!doctype html><script>alert(1)</script>");
  const { code, link } = await scene.relay("/files/gia", { bytes: page, type: "application/pdf" });
  const answer = await fetch(link);
  expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  await until(
    "it was looked at",
    async () => (await linksOf(code))[0]?.checkedAt !== undefined && (await linksOf(code))[0]?.type !== undefined,
  );
  expect((await linksOf(code))[0]).toMatchObject({ reachable: true, warnings: [{ code: "file_type_mismatch" }] });
});
