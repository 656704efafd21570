import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FileCause, FileLinkView } from "../../contracts/services/files.ts";
import type { DiscrepancyView } from "../../contracts/services/reconciliations.ts";
import type { Problem } from "../../src/http/problem.ts";
import { type FilesScene, openFilesScene, pdf, until } from "./files-scene.ts";

const NAMES: Readonly<Record<string, string>> = {
  "loopback.example.vn": "127.0.0.1",
  "metadata.example.vn": "169.254.169.254",
  "six.example.vn": "::1",
};

let scene: FilesScene;

beforeAll(async () => {
  scene = await openFilesScene({
    sources: (url) =>
      [`${url}/files`, ...Object.keys(NAMES).map((name) => `http://${name}:${new URL(url).port}/`)].join(","),
    settings: { FILE_MAX_BYTES: "100000", FILE_RELAYS: "2" },
    resolveName: async (host) => {
      const address = NAMES[host] ?? "192.0.2.1";
      return [{ address, family: address.includes(":") ? 6 : 4 }];
    },
  });
});
afterAll(() => scene.close());

const problemOf = async (link: string, init: RequestInit = {}): Promise<string> => {
  const answer = await fetch(link, init);
  const { code, detail } = (await answer.json()) as Problem;
  expect(detail).not.toContain("127.0.0.1");
  return `${answer.status} ${code}`;
};

const causeOf = async (code: string): Promise<FileCause | undefined> => {
  let link: FileLinkView | undefined;
  await until("it was looked at", async () => {
    await scene.look();
    const page = await scene.call<{ items: FileLinkView[] }>("GET", `/v1/files?dossierCode=${code}`);
    link = page.body.items[0];
    return link?.reachable !== undefined;
  });
  return link?.cause;
};

test.for([
  ["is not there", undefined, "404 not_found", "not_found"],
  ["is refused", 403, "404 not_found", "refused"],
  ["meets a fault of the server", 500, "503 upstream_unavailable", "upstream_error"],
] as const)("a file that %s", async ([, status, answer, cause]) => {
  const path = `/files/status-${status}`;
  if (status !== undefined) scene.fileServer.files.set(path, (_, response) => void response.writeHead(status).end());
  const { code } = await scene.deliver([{ url: `${scene.fileServer.url}${path}` }]);
  expect(await problemOf(scene.held(code)[0] ?? "")).toBe(answer);
  expect(await causeOf(code)).toBe(cause);
});

test("a file that cannot be had is a discrepancy of its dossier, which a repair sends again and which ends when the file is there", async () => {
  const path = "/files/spaet.pdf";
  const { code } = await scene.deliver([{ url: `${scene.fileServer.url}${path}` }]);
  expect(await causeOf(code)).toBe("not_found");
  const found = async () => {
    const page = await scene.call<{ items: DiscrepancyView[] }>(
      "GET",
      `/v1/discrepancies?kind=file-unreachable&dossierCode=${code}`,
    );
    return page.body.items;
  };
  const [open] = await found();
  expect(open).toMatchObject({ platform: "national-portal", state: "open", proposedRepair: "put" });
  expect(open?.reconciliation).toBeUndefined();
  const repair = () => scene.call("POST", `/v1/discrepancies/${open?.id}/repair`);
  expect((await repair()).status).toBe(202);
  await scene.drained();
  expect(await causeOf(code)).toBe("not_found");
  await until("it is open again", async () => {
    await scene.look();
    return (await found())[0]?.state === "open";
  });
  scene.fileServer.files.set(path, { bytes: pdf(10) });
  expect((await repair()).status).toBe(202);
  await scene.drained();
  await until("it is repaired", async () => {
    await scene.look();
    return (await found())[0]?.state === "repaired";
  });
  expect(await found()).toHaveLength(1);
});

test("a redirect is not followed, least of all into a private network", async () => {
  scene.fileServer.files.set("/secret", { bytes: pdf(10) });
  const { code, link } = await scene.relay("/files/chuyen", (_, response) => {
    response.writeHead(302, { location: "/secret" }).end();
  });
  expect(await problemOf(link)).toBe("502 upstream_malformed");
  expect(await causeOf(code)).toBe("redirected");
  expect(scene.fileServer.asked).not.toContain("/secret");
});

test.for(Object.keys(NAMES))(
  "a name that leads to this machine or beside it (%s) is not connected to",
  async (name) => {
    scene.fileServer.files.set("/x", { bytes: pdf(10) });
    const { code, warnings } = await scene.deliver([{ url: `http://${name}:${scene.fileServer.port}/x` }]);
    expect(warnings).toEqual([]);
    expect(await problemOf(scene.held(code)[0] ?? "")).toBe("404 not_found");
    expect(await causeOf(code)).toBe("forbidden_address");
    expect(scene.fileServer.asked).not.toContain("/x");
  },
);

test.for([
  "/other/1",
  "/files2/1",
  "/files/../secret",
  "/files/%2e%2e/secret",
  "/files/..%2fsecret",
  "/files/a%5c..%5csecret",
  "/files/%252e%252e/secret",
  "/files//secret",
  "/Files/1",
])("an address outside FILE_SOURCES (%s) is accepted with a warning, and its link opens nothing", async (path) => {
  const asked = scene.fileServer.asked.length;
  const { code, warnings } = await scene.deliver([{ url: `${scene.fileServer.url}${path}` }]);
  expect(warnings.map(({ code: warning, field }) => `${field} ${warning}`)).toEqual([
    "submittedFiles[0].url file_source_not_allowed",
  ]);
  const link = scene.held(code)[0] ?? "";
  expect(link).toContain("/portal/downloadfile/");
  expect(await problemOf(link)).toBe("404 not_found");
  expect(await causeOf(code)).toBe("not_allowed");
  expect(scene.fileServer.asked).toHaveLength(asked);
});

test("a file that is announced as larger than allowed is refused before it is read; one that only grows so is cut", async () => {
  const { code, link } = await scene.relay("/files/2g", (_, response) => {
    response.writeHead(200, { "content-length": String(2 * 1024 ** 3) });
    response.write("%PDF-");
  });
  expect(await problemOf(link)).toBe("502 upstream_malformed");
  expect(await causeOf(code)).toBe("too_large");
  const { link: growing } = await scene.relay("/files/lon-dan", (_, response) => {
    response.writeHead(200, {});
    response.end(pdf(100_001));
  });
  await expect(fetch(growing).then((answer) => answer.arrayBuffer())).rejects.toThrow();
});

test("a server that falls silent, before or within a file, is not waited for", async () => {
  const { link: mute } = await scene.relay("/files/im", () => undefined);
  expect(await problemOf(mute)).toBe("504 upstream_timeout");
  const { link: stuck } = await scene.relay("/files/dung", (_, response) => {
    response.writeHead(200, { "content-length": "50000" });
    response.write(pdf(10_000));
  });
  const answer = await fetch(stuck);
  expect(answer.status).toBe(200);
  await expect(answer.arrayBuffer()).rejects.toThrow();
});

test("a part that was not asked for, and an encoded file, are no answers", async () => {
  const { link } = await scene.relay("/files/sai-doan", (_, response) => {
    response.writeHead(206, { "content-range": "bytes 5-9/1000", "content-length": "5" }).end("%PDF-");
  });
  expect(await problemOf(link, { headers: { range: "bytes=0-4" } })).toBe("502 upstream_malformed");
  const { link: packed } = await scene.relay("/files/nen", (_, response) => {
    response.writeHead(200, { "content-encoding": "gzip", "content-length": "2" }).end(Uint8Array.of(0x1f, 0x8b));
  });
  expect(await problemOf(packed)).toBe("502 upstream_malformed");
});

test("what is no link of ours is not found, whatever its shape", async () => {
  const uuids = [
    "0f8fad5b-d9cb-469f-a165-70867728950e",
    "1",
    "%00",
    "..%2f..",
    "0F8FAD5B-D9CB-469F-A165-70867728950E",
    "' or 1=1",
  ];
  for (const uuid of uuids) {
    const answer = await scene.call("GET", `/portal/downloadfile/${encodeURIComponent(uuid)}`, undefined, {
      token: null,
    });
    expect([uuid, answer.status, answer.body.code]).toEqual([uuid, 404, "not_found"]);
  }
});

test("no more files are served at once than there are places; a place is free again when its reader hangs up", async () => {
  const { link } = await scene.relay("/files/cham", (_, response) => {
    response.writeHead(200, { "content-length": "90000" });
    response.write(pdf(20_000));
    setTimeout(() => response.end(pdf(70_000)), 600);
  });
  const readers = [new AbortController(), new AbortController()];
  const answers = await Promise.all(readers.map(({ signal }) => fetch(link, { signal })));
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  const third = await fetch(link);
  expect([third.status, third.headers.get("retry-after")]).toEqual([503, "2"]);
  for (const reader of readers) reader.abort();
  await until("there is a place again", async () => {
    const again = await fetch(link);
    await again.arrayBuffer();
    await delay(10);
    return again.status === 200;
  });
});
