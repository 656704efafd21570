import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { HttpAnswer } from "../../contracts/adapter.ts";
import { ConfigError, parseConfig } from "../../src/config.ts";
import { demoSettings } from "../../src/demo-settings.ts";
import type { Log } from "../../src/log.ts";
import type { PlatformTls } from "../../src/platform-tls.ts";
import { readTlsFiles, tlsFaults } from "../../src/runtime/node-tls-files.ts";
import { watchTls } from "../../src/runtime/node-tls-watch.ts";
import { createNodeTransport, type TransportTls } from "../../src/runtime/node-transport.ts";
import { type Issued, makeCertificate } from "./make-certificate.ts";
import { type MutualServer, openTlsFolder, startMutualServer } from "./tls-scene.ts";
import { failureOf } from "./transport-suite.ts";

const PLATFORM = "national-portal";
const authority = makeCertificate("authority", { authority: true });
const stranger = makeCertificate("stranger", { authority: true });
const first = makeCertificate("first", { issuer: authority });
const second = makeCertificate("second", { issuer: authority });

const closers: (() => unknown)[] = [];
let folder: ReturnType<typeof openTlsFolder>;
beforeEach(() => {
  folder = openTlsFolder();
  closers.push(folder.remove);
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const serve = async (trusted?: Issued): Promise<MutualServer> => {
  const server = await startMutualServer(authority, trusted);
  closers.push(server.close);
  return server;
};

const open = (tls: TransportTls) => {
  const node = createNodeTransport({ connections: 4, connectTimeoutMs: 5000, tls });
  closers.push(node.close);
  const call = (url: string): Promise<HttpAnswer> =>
    node.transport(
      { method: "POST", url, headers: {}, body: "{}" },
      { signal: AbortSignal.timeout(10_000), maxAnswerBytes: 1000 },
    );
  return { node, call };
};

const own = ({ cert, key }: Issued): TransportTls => ({ cert, key, ca: authority.cert });

test("a platform that demands a certificate is shown ours", async () => {
  const server = await serve();
  const { call } = open(own(first));
  expect((await call(server.url)).body).toBe("first");
});

test("without a certificate, or with one the platform does not take, nothing reaches it", async () => {
  const server = await serve();
  const late = new Date(Date.now() - 3_600_000);
  const refused: TransportTls[] = [
    { ca: authority.cert },
    own(makeCertificate("mallory", { issuer: stranger })),
    own(makeCertificate("expired", { issuer: authority, notAfter: late })),
  ];
  // Under TLS 1.3 the refusal comes after the request was written: it cannot be told from a lost answer.
  for (const tls of refused) {
    expect(await failureOf(open(tls).call(server.url))).toEqual({ reason: "reset", sent: true });
  }
  expect(server.seen).toEqual([]);
});

test("a platform whose certificate is of another authority than ours is not spoken to", async () => {
  const server = await serve();
  for (const ca of [stranger.cert, undefined]) {
    const { call } = open({ cert: first.cert, key: first.key, ...(ca && { ca }) });
    expect(await failureOf(call(server.url))).toEqual({ reason: "connect", sent: false });
  }
  expect(server.seen).toEqual([]);
});

test("a new certificate is shown by the next call, and calls that run are unharmed", async () => {
  const server = await serve();
  const answer = Promise.withResolvers<void>();
  const { node, call } = open(own(first));
  expect((await call(server.url)).body).toBe("first");
  server.hold(answer.promise);
  const running = call(server.url);
  await expect.poll(() => server.seen.length, { timeout: 10_000 }).toBe(2);
  node.renewTls(own(second));
  server.hold(Promise.resolve());
  expect((await call(server.url)).body).toBe("second");
  answer.resolve();
  expect((await running).body).toBe("first");
});

/** A log that keeps its lines. */
const openLog = () => {
  const lines: { level: string; fields: unknown; words: unknown }[] = [];
  const keep = (level: string) => (fields: unknown, words: unknown) => void lines.push({ level, fields, words });
  return { lines, log: { info: keep("info"), warn: keep("warn"), error: keep("error") } as unknown as Log };
};

const watch = (tls: PlatformTls, note: (expiresAt: Date | null) => Promise<void> = async () => undefined) => {
  const { lines, log } = openLog();
  const changes: string[] = [];
  const onChange = ({ cert }: TransportTls) => void changes.push(cert ?? "");
  const watching = watchTls({ platform: PLATFORM, tls, log, onChange, note, checkMs: 10 });
  closers.push(watching.stop);
  return { watching, lines, changes };
};

const files = ({ cert, key }: Issued): PlatformTls => ({
  cert: folder.write("cert.pem", cert),
  key: folder.write("key.pem", key),
});

test("new files are taken up while running, once certificate and key belong together", async () => {
  const { watching, lines, changes } = watch(files(first));
  expect(watching.material.cert).toBe(first.cert);
  folder.write("cert.pem", second.cert);
  await expect.poll(() => lines.length, { timeout: 10_000 }).toBeGreaterThan(0);
  expect(lines.at(-1)).toMatchObject({ level: "error", fields: { platform: PLATFORM } });
  expect(changes).toEqual([]);
  folder.write("key.pem", second.key);
  await expect.poll(() => changes, { timeout: 10_000 }).toEqual([second.cert]);
  expect(lines.at(-1)).toMatchObject({ level: "info" });
});

test("files that are broken or gone keep the old ones, and are told once", async () => {
  const { changes, lines } = watch(files(first));
  folder.write("key.pem", "not a key");
  await expect.poll(() => lines.length, { timeout: 10_000 }).toBeGreaterThan(0);
  rmSync(folder.write("cert.pem", ""));
  await expect.poll(() => JSON.stringify(lines.at(-1)), { timeout: 10_000 }).toContain("ENOENT");
  const told = lines.length;
  await delay(80);
  expect(lines.length).toBe(told);
  expect(lines.every(({ level }) => level === "error")).toBe(true);
  expect(JSON.stringify(lines)).not.toContain("BEGIN");
  expect(changes).toEqual([]);
  files(second);
  await expect.poll(() => changes, { timeout: 10_000 }).toEqual([second.cert]);
});

test("when the certificate ends is written down at the start and at each change, and again after a failure", async () => {
  const noted: (string | undefined)[] = [];
  let failures = 2;
  const soon = makeCertificate("soon", { issuer: authority, notAfter: new Date("2031-01-02T03:04:05Z") });
  const later = makeCertificate("later", { issuer: authority, notAfter: new Date("2032-01-02T03:04:05Z") });
  watch(files(soon), async (expiresAt) => {
    failures -= 1;
    if (failures >= 0) throw new Error("the database is away");
    noted.push(expiresAt?.toISOString());
  });
  await expect.poll(() => noted, { timeout: 10_000 }).toEqual(["2031-01-02T03:04:05.000Z"]);
  files(later);
  await expect.poll(() => noted, { timeout: 10_000 }).toEqual(["2031-01-02T03:04:05.000Z", "2032-01-02T03:04:05.000Z"]);
});

test("of a chain, the certificate that ends first counts", () => {
  const end = new Date("2030-05-06T07:08:09Z");
  const between = makeCertificate("between", { issuer: authority, authority: true, notAfter: end });
  const leaf = makeCertificate("leaf", { issuer: between });
  const reading = readTlsFiles(PLATFORM, { cert: `${leaf.cert}${between.cert}`, key: leaf.key });
  expect(reading).toMatchObject({ ok: true, value: { expiresAt: end } });
});

test("text in place of a path is taken as it is, also with line ends written out", () => {
  const tls = { cert: first.cert.replaceAll("\n", "\\n"), key: first.key, ca: authority.cert };
  expect(readTlsFiles(PLATFORM, tls)).toMatchObject({ ok: true, value: { cert: first.cert, key: first.key } });
});

test.each([
  [
    "a file that is not there",
    { CERT: "/nowhere/cert.pem", KEY: first.key },
    "NATIONAL_PORTAL_TLS_CERT: the file cannot be read (ENOENT)",
  ],
  ["a key of another certificate", { CERT: first.cert, KEY: second.key }, "NATIONAL_PORTAL_TLS_KEY is not the key"],
  [
    "a key in place of the certificate",
    { CERT: first.key, KEY: first.key },
    "NATIONAL_PORTAL_TLS_CERT holds no certificate",
  ],
  [
    "a certificate in place of the key",
    { CERT: first.cert, KEY: first.cert },
    "NATIONAL_PORTAL_TLS_KEY holds no private key",
  ],
  [
    "a certificate cut short",
    { CERT: `${first.cert.slice(0, 200)}\n-----END CERTIFICATE-----`, KEY: first.key },
    "NATIONAL_PORTAL_TLS_CERT holds a certificate that",
  ],
  ["authorities that are none", { CA: first.key }, "NATIONAL_PORTAL_TLS_CA holds no certificate"],
  ["a certificate without its key", { CERT: first.cert }, "NATIONAL_PORTAL_TLS_KEY is missing"],
  ["a key without its certificate", { KEY: first.key }, "NATIONAL_PORTAL_TLS_CERT is missing"],
])("%s is a fault at the start, listed with the others and never shown", async (_name, given, start) => {
  const named = Object.entries(given).map(([name, value]) => [`NATIONAL_PORTAL_TLS_${name}`, value]);
  const settings = { ...Object.fromEntries(named), PORT: "none" };
  const faultsOf = (all: Readonly<Record<string, string | undefined>>) => tlsFaults(all, [PLATFORM]);
  const error = await parseConfig(settings, [PLATFORM], { settings: demoSettings() }, faultsOf).catch(
    (e: unknown) => e,
  );
  const faults = error instanceof ConfigError ? error.faults : [];
  expect(faults).toHaveLength(2);
  expect(faults.filter((fault) => fault.startsWith(start))).toHaveLength(1);
  expect(faults.join()).not.toMatch(/BEGIN|[A-Za-z0-9+/]{30}/u);
});
