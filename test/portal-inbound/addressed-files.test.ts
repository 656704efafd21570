import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readConfig } from "../../adapters/national-portal/config.ts";
import { type FetchScene, openFetchScene } from "./fetch-scene.ts";
import { amendment, PDF, receipt } from "./inbound-scene.ts";

let scene: FetchScene;
beforeAll(async () => {
  scene = await openFetchScene({ settings: { NATIONAL_PORTAL_FILE_HOSTS: "10.0.0.1:1, files.portal.example" } });
});
beforeEach(() => {
  scene.simulator.dial.clear();
  scene.simulator.clear();
  const files = [{ id: "a", base64: PDF.toString("base64") }];
  scene.simulator.addPortalDossier({ MaHoSo: "held", MaTTHC: "2.000033", files });
});
afterAll(() => scene?.close());

const addressOf = (id: string): string => `${scene.served.url}/tep/held/${id}`;
const awaitedOf = async (subject: string) => {
  const [event] = await scene.eventsOf(subject);
  return event?.data?.["awaitedFiles"] as { n: number; name: string; url: string }[] | undefined;
};
const open = (url: string) => scene.request("GET", new URL(url).pathname);

test("the file that an amendment names by its address becomes a file of its event, after the push was answered", async () => {
  const body = amendment("TBKM-SD-1", "TBKM-1", { URLTepDangKy: addressOf("a"), TenTepDangKy: "sua-doi.pdf" });
  expect(await scene.code("forward/nhanhsdvcqg", body)).toBe(0);
  const [file] = (await awaitedOf("TBKM-SD-1")) ?? [];
  expect(file).toMatchObject({ n: 1, name: "sua-doi.pdf" });
  expect((await open(file?.url ?? "")).status).toBe(404);
  expect(await scene.fetchNow()).toMatchObject({ missingFiles: 0 });
  const opened = await open(file?.url ?? "");
  expect([opened.status, opened.headers.get("content-type")]).toEqual([200, "application/pdf"]);
  expect(Buffer.from(await opened.arrayBuffer()).equals(PDF)).toBe(true);
});

test("the file of a tax receipt is fetched by a later round when the portal failed to give it", async () => {
  const body = receipt("TN-1", "QD-1", 1000);
  body.data.UrlFileChungTu = addressOf("a");
  expect(await scene.code("forward/nhanhsdvcqg", body)).toBe(0);
  const [file] = (await awaitedOf("TN-1")) ?? [];
  scene.simulator.dial.set({ fault: "html", service: "tep", times: 1 });
  await scene.fetchNow();
  expect((await open(file?.url ?? "")).status).toBe(404);
  await scene.fetchNow();
  expect((await open(file?.url ?? "")).status).toBe(200);
});

test("an address at another host, or with a name and password, is never called, and its file is counted as missing", async () => {
  const { missingFiles: before } = await scene.view();
  const elsewhere = addressOf("a").replace("127.0.0.1", "localhost");
  const named = addressOf("a").replace("://", "://user:secret@");
  for (const [n, address] of [elsewhere, named, "file:///etc/passwd", "khong phai dia chi"].entries()) {
    const body = amendment(`TBKM-SD-X${n}`, "TBKM-1", { URLTepDangKy: address });
    expect(await scene.code("forward/nhanhsdvcqg", body)).toBe(0);
  }
  scene.simulator.calls.clear();
  expect(await scene.fetchNow()).toMatchObject({ state: "idle", missingFiles: before + 4 });
  expect(scene.simulator.calls.byEnding["tep"]).toBeUndefined();
});

test("hosts that are none are a fault of the settings", () => {
  const read = (hosts: string) =>
    readConfig({
      AGENCY_CODE: "H04",
      NATIONAL_PORTAL_URL: "http://portal.example",
      NATIONAL_PORTAL_USERNAME: "u",
      NATIONAL_PORTAL_PASSWORD: "p",
      NATIONAL_PORTAL_FILE_HOSTS: hosts,
    });
  expect(read("files.example.vn, 10.1.2.3:8080")).toMatchObject({
    config: { fileHosts: ["files.example.vn", "10.1.2.3:8080"] },
  });
  for (const wrong of ["https://files.example/x", "a b", "u@files.example"])
    expect(read(wrong)).toMatchObject({ faults: [expect.stringContaining("NATIONAL_PORTAL_FILE_HOSTS")] });
});
