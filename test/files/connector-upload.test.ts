import { createHash } from "node:crypto";
import { createServer, request as openRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CONNECTOR_PATHS } from "../../contracts/platforms/national-portal/connector-v1.ts";
import type { FileLinkView } from "../../contracts/services/files.ts";
import type { EntryDetail, EntryView } from "../../contracts/services/ledger.ts";
import { dossierBody } from "../gateway-scene.ts";
import { type FilesScene, openFilesScene, pdf, until } from "./files-scene.ts";

const MEBIBYTE = 1024 * 1024;

/** Passes everything on to the portal as it comes, and sees how much of its uploads has come so far. */
const openWitness = async () => {
  let target = "";
  let uploaded = 0;
  const server = createServer((incoming, outgoing) => {
    const { url = "", method, headers } = incoming;
    const passed = openRequest(`${target}${url}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on("error", () => outgoing.destroy());
    incoming.on("error", () => passed.destroy());
    if (url.startsWith(CONNECTOR_PATHS.upload)) {
      incoming.on("data", (chunk: Uint8Array) => {
        uploaded += chunk.length;
      });
    }
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    before: (url: string) => {
      target = url;
    },
    uploaded: () => uploaded,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

let scene: FilesScene;
let portal: Awaited<ReturnType<typeof openWitness>>;

beforeAll(async () => {
  portal = await openWitness();
  scene = await openFilesScene({
    profile: "connector-v1",
    settings: { NATIONAL_PORTAL_URL: portal.url, NATIONAL_PORTAL_TIMEOUT_MS: "60000", FILE_TIMEOUT_MS: "10000" },
  });
  portal.before(scene.served.url);
});
afterAll(async () => {
  await scene.close();
  await portal.close();
});

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const address = (path: string): string => `${scene.fileServer.url}${path}`;
const uploadsOf = (code: string) => [...scene.portal.state.uploads.values()].filter(({ maHoSo }) => maHoSo === code);
const componentsOf = (code: string) => scene.portal.state.connectorDossiers.get(code)?.noiHoSo.ThanhPhanHoSo ?? [];

const entryOf = async (code: string): Promise<EntryDetail> => {
  const { body } = await scene.call<{ items: EntryView[] }>("GET", `/v1/ledger?dossierCode=${code}`);
  return (await scene.call<EntryDetail>("GET", `/v1/ledger/${body.items[0]?.id}`)).body;
};

const linksOf = async (code: string): Promise<FileLinkView[]> =>
  (await scene.call<{ items: FileLinkView[] }>("GET", `/v1/files?dossierCode=${code}`)).body.items;

test("the bytes come from the province's file server, and the dossier names each by the portal's id and hash", async () => {
  const files = [pdf(40_000, 3), pdf(1, 4)];
  for (const [n, bytes] of files.entries()) scene.fileServer.files.set(`/files/tai-${n}`, { bytes });
  const { code, warnings } = await scene.deliver(files.map((_, n) => ({ url: address(`/files/tai-${n}`) })));
  expect(warnings.map((warning) => warning.code)).not.toContain("files_not_sent");
  const held = uploadsOf(code);
  expect(held.map(({ name, size, HashTepTin }) => [name, size, HashTepTin])).toEqual(
    files.map((bytes, n) => [`giay-to-${n}.pdf`, bytes.length, sha256(bytes)]),
  );
  const named = componentsOf(code).flatMap(({ GiayToDinhKem }) => GiayToDinhKem ?? []);
  expect(named.map(({ IdGiayTo, HashTepTin }) => [IdGiayTo, HashTepTin])).toEqual(
    held.map(({ IdTepTin, HashTepTin }) => [IdTepTin, HashTepTin]),
  );
});

test("a file of 20 MB reaches the portal while it is still being read", async () => {
  const bytes = pdf(20 * MEBIBYTE, 5);
  const [piece, inHand] = [256 * 1024, 2 * MEBIBYTE];
  const begun = portal.uploaded();
  let served = 0;
  // The server gives no more than this ahead of what the portal has: whoever read the whole file first would wait for ever.
  scene.fileServer.files.set("/files/20m", (_, response) => {
    response.writeHead(200, { "content-type": "application/pdf", "content-length": bytes.length });
    const write = (): void => {
      while (served < bytes.length && served - (portal.uploaded() - begun) < inHand) {
        response.write(bytes.subarray(served, served + piece));
        served += piece;
      }
      if (served < bytes.length) setTimeout(write, 1);
      else response.end();
    };
    write();
  });
  const { code } = await scene.deliver([{ url: address("/files/20m") }]);
  expect(uploadsOf(code)).toMatchObject([{ size: bytes.length, HashTepTin: sha256(bytes) }]);
  const attemptLog = (await entryOf(code)).attemptLog.filter(({ kind }) => kind !== "login");
  expect(attemptLog.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual(["read delivered", "send delivered"]);
  // What is kept of an upload is what it was, never its bytes.
  for (const { request } of attemptLog) expect(request.length).toBeLessThan(5000);
});

test("a file that is not there fails its dossier alone with the cause, is told of, and a retry sends it once it is there", async () => {
  const path = "/files/khong-co";
  const good = { bytes: pdf(100, 6) };
  scene.fileServer.files.set("/files/co", good);
  const { code } = await scene.deliver([{ url: address("/files/co") }, { url: address(path) }]);
  const failed = await entryOf(code);
  expect([failed.state, failed.error?.code]).toEqual(["failed", "invalid_request"]);
  expect(failed.error?.detail).toMatch(/file/iu);
  expect(scene.portal.state.dossiers.has(code)).toBe(false);
  await until("it was looked at", async () => {
    await scene.look();
    return (await linksOf(code)).some(({ reachable }) => reachable === false);
  });
  const unreachable = (await linksOf(code)).filter(({ reachable }) => reachable === false);
  expect(unreachable).toMatchObject([{ cause: "not_found", warnings: [{ code: "file_unreachable" }] }]);
  expect((await entryOf(code)).warnings?.map((warning) => warning.code)).toEqual(["file_unreachable"]);

  // Nothing else is held up by it.
  const other = await scene.deliver([{ url: address("/files/co") }]);
  expect(scene.portal.state.dossiers.has(other.code)).toBe(true);

  scene.fileServer.files.set(path, { bytes: pdf(50, 7) });
  expect((await scene.call("POST", `/v1/ledger/${failed.id}/retry`)).status).toBe(202);
  await scene.drained();
  expect((await entryOf(code)).state).toBe("delivered");
  // The one that was there had been uploaded before, and was not sent twice.
  expect(uploadsOf(code).map(({ size }) => size)).toEqual([100, 50]);
});

test.for([
  ["breaks off in the middle", (bytes: Uint8Array) => bytes.subarray(0, 10_000)],
  ["has a fault", null],
] as const)(
  "a file server that %s only delays: the dossier waits with the cause and goes when it is mended",
  async ([_, cut]) => {
    const bytes = pdf(50_000, 8);
    const path = `/files/loi-${cut === null}`;
    scene.fileServer.files.set(path, (_request, response) => {
      if (cut === null) return void response.writeHead(500).end();
      response.writeHead(200, { "content-length": bytes.length });
      response.write(cut(bytes), () => response.destroy());
    });
    const code = `H04.15-261120-80${cut === null ? "01" : "02"}`;
    const submittedFiles = [{ id: "1", name: "a.pdf", url: address(path) }];
    await scene.call("PUT", `/v1/dossiers/${code}`, dossierBody({ submittedFiles }));
    await until("it was tried", async () => (await entryOf(code)).state === "waiting");
    expect(uploadsOf(code)).toEqual([]);
    expect(scene.portal.state.dossiers.has(code)).toBe(false);
    scene.fileServer.files.set(path, { bytes });
    await scene.drained();
    expect(uploadsOf(code)).toMatchObject([{ size: bytes.length, HashTepTin: sha256(bytes) }]);
    expect((await entryOf(code)).state).toBe("delivered");
  },
);
