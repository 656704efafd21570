import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { request as ask } from "node:http";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FileLinkView, UploadedFile } from "../../contracts/services/files.ts";
import type { Answer } from "../http/api-scene.ts";
import { type FilesScene, openFilesScene, pdf, until } from "./files-scene.ts";

const LIMIT = 300_000;

let scene: FilesScene;

beforeAll(async () => {
  scene = await openFilesScene({ sources: () => undefined, settings: { FILE_MAX_BYTES: String(LIMIT) } });
});
afterAll(() => scene.close());

const upload = (
  bytes: Uint8Array,
  name = "to-khai.pdf",
  options: { client?: string; headers?: Record<string, string> } = {},
) => scene.call<UploadedFile>("POST", `/v1/files?name=${encodeURIComponent(name)}`, bytes, options);

const bytesOf = async (path: string, headers: Record<string, string> = {}, client = "province") =>
  fetch(`${scene.publicUrl}${path}`, { headers: { authorization: `Bearer ${await scene.token(client)}`, ...headers } });

test("a file is kept encrypted, told by its bytes, and given back to its owner", async () => {
  const bytes = pdf(200_001);
  const kept = await upload(bytes, "Tờ khai.pdf");
  expect(kept.status).toBe(201);
  const { id } = kept.body;
  expect(kept.body).toEqual({
    id: expect.stringMatching(/^file_[\da-f]{32}$/u),
    url: `${scene.publicUrl}/v1/files/${id}/content`,
    size: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    type: "application/pdf",
    name: "Tờ khai.pdf",
  });
  expect((await scene.call("GET", `/v1/files/${id}`)).body).toEqual(kept.body);
  const answer = await bytesOf(`/v1/files/${id}/content`);
  expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
  const stored = await readFile(join(scene.dataDir, "files", id.slice(-2), id));
  expect(stored.includes(Buffer.from(bytes.subarray(0, 9)))).toBe(false);
});

test("any range of a kept file gives those bytes", async () => {
  const bytes = pdf(200_000, 3);
  const { id } = (await upload(bytes)).body;
  await fc.assert(
    fc.asyncProperty(fc.nat(199_999), fc.nat(150_000), async (first, length) => {
      const answer = await bytesOf(`/v1/files/${id}/content`, { range: `bytes=${first}-${first + length}` });
      expect(answer.status).toBe(206);
      const part = Buffer.from(await answer.arrayBuffer());
      expect(part.equals(bytes.subarray(first, first + length + 1))).toBe(true);
    }),
    { numRuns: 30, seed: 20261122 },
  );
});

test("the portal opens a kept file by a link, also where FILE_SOURCES is unset; other addresses go as they are", async () => {
  const bytes = pdf(1000);
  const { url } = (await upload(bytes)).body;
  const { code, warnings } = await scene.deliver([{ url }, { url: "https://public.example.vn/1" }]);
  expect(warnings).toEqual([]);
  const [link = "", given] = scene.held(code);
  expect(given).toBe("https://public.example.vn/1");
  expect(link).toContain("/portal/downloadfile/");
  const answer = await fetch(link);
  expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
});

test("another agency reaches a kept file by no route, not even by a dossier of its own", async () => {
  const { id, url } = (await upload(pdf(1000), "a.pdf", { client: "industry" })).body;
  for (const path of [`/v1/files/${id}`, `/v1/files/${id}/content`]) {
    expect((await bytesOf(path, {}, "health")).status).toBe(404);
    expect((await bytesOf(path)).status).toBe(200);
  }
  const foreign = await scene.call("DELETE", `/v1/files/${id}`, undefined, { client: "health" });
  expect(foreign.status).toBe(404);
  const { code } = await scene.deliver([{ url }], "H04.16-261120-0900", "health");
  expect((await fetch(scene.held(code)[0] ?? "")).status).toBe(404);
  const list = await scene.call<{ items: FileLinkView[] }>("GET", "/v1/files", undefined, { client: "industry" });
  expect(list.body.items.filter(({ dossierCode }) => dossierCode === code)).toEqual([]);
});

test("a deleted file is gone for its owner and behind its links, and its bytes with it", async () => {
  const { id, url } = (await upload(pdf(1000))).body;
  const { code } = await scene.deliver([{ url }]);
  const before = (await scene.storedNames()).length;
  expect((await scene.call("DELETE", `/v1/files/${id}`)).status).toBe(200);
  expect((await scene.storedNames()).length).toBe(before - 1);
  expect((await fetch(scene.held(code)[0] ?? "")).status).toBe(410);
  expect((await bytesOf(`/v1/files/${id}/content`)).status).toBe(410);
  expect((await scene.call("DELETE", `/v1/files/${id}`)).status).toBe(410);
});

test("the same Idempotency-Key and file are one upload; another file under it is refused; neither leaves bytes behind", async () => {
  const headers = { "idempotency-key": "upload-1" };
  const first = await upload(pdf(500), "a.pdf", { headers });
  const stored = await scene.storedNames();
  const second = await upload(pdf(500), "a.pdf", { headers });
  expect([second.text, second.headers.get("idempotency-replayed")]).toEqual([first.text, "true"]);
  const other = (await upload(pdf(501), "a.pdf", { headers })) as unknown as Answer<{ code: string }>;
  expect(other.body.code).toBe("idempotency_key_reused");
  expect(await scene.storedNames()).toEqual(stored);
});

test("a file over the limit is refused, announced or not, and leaves nothing", async () => {
  const stored = await scene.storedNames();
  const refused = await scene.storesNothing(() => upload(pdf(LIMIT + 1)));
  expect(refused.status).toBe(413);
  const body = new ReadableStream({
    pull: (controller) => {
      controller.enqueue(new Uint8Array(50_000));
    },
  });
  const authorization = `Bearer ${await scene.token()}`;
  const init = { method: "POST", body, headers: { authorization }, duplex: "half" } as RequestInit;
  expect((await scene.app.request("/v1/files?name=a", init)).status).toBe(413);
  expect(await scene.storedNames()).toEqual(stored);
});

test("an upload that breaks off leaves nothing", async () => {
  const stored = await scene.storedNames();
  const headers = { authorization: `Bearer ${await scene.token()}`, "content-length": "200000" };
  const sending = ask(`${scene.publicUrl}/v1/files?name=a.pdf`, { method: "POST", headers });
  sending.on("error", () => undefined);
  sending.write(pdf(100_000));
  await until("it is being written", async () => (await scene.storedNames()).length > stored.length);
  sending.destroy();
  await until("nothing is left", async () => (await scene.storedNames()).length === stored.length);
});

test("what is wrong with an upload is named, and nothing is kept", async () => {
  const stored = await scene.storedNames();
  const faults = async (path: string, body: Uint8Array, headers = {}) =>
    (await scene.call("POST", path, body, { headers })).body.errors?.map(({ field, code }) => `${field} ${code}`);
  expect(await faults("/v1/files", pdf(10))).toEqual(["name required"]);
  expect(await faults("/v1/files?name=a&nam=b", pdf(10))).toEqual(["nam unknown_parameter"]);
  expect((await upload(new Uint8Array())).status).toBe(400);
  expect((await upload(pdf(10), "a", { client: "reader" })).status).toBe(403);
  expect(await scene.storedNames()).toEqual(stored);
});

test("a kept file that was changed on the disk is not given as if it were whole", async () => {
  const { id } = (await upload(pdf(100_000))).body;
  const path = join(scene.dataDir, "files", id.slice(-2), id);
  const bytes = await readFile(path);
  bytes[90_000] = (bytes[90_000] ?? 0) ^ 1;
  await writeFile(path, bytes);
  const answer = await bytesOf(`/v1/files/${id}/content`);
  await expect(answer.arrayBuffer()).rejects.toThrow();
});
