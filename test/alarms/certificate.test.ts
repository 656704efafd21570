import { afterEach, beforeEach, expect, test } from "vitest";
import type { AlarmView } from "../../contracts/services/alarms.ts";
import type { PlatformLine } from "../../contracts/services/platforms.ts";
import { sql } from "../../src/database/sql.ts";
import { createLog } from "../../src/log.ts";
import { openPlatformTransport } from "../../src/runtime/node-platform-transport.ts";
import { type ApiScene, openApiScene } from "../http/api-scene.ts";
import { type Issued, makeCertificate } from "../runtime/make-certificate.ts";
import { type MutualServer, openTlsFolder, startMutualServer } from "../runtime/tls-scene.ts";

const PLATFORM = "national-portal";
const DAY_MS = 86_400_000;
const authority = makeCertificate("authority", { authority: true });
const endingIn = (name: string, days: number): Issued =>
  makeCertificate(name, { issuer: authority, notAfter: new Date(Date.now() + days * DAY_MS) });

const closers: (() => unknown)[] = [];
let folder: ReturnType<typeof openTlsFolder>;
let scene: ApiScene;
let platform: MutualServer;

const write = ({ cert, key }: Issued): void => {
  folder.write("cert.pem", cert);
  folder.write("key.pem", key);
};

beforeEach(async () => {
  folder = openTlsFolder();
  closers.push(folder.remove);
  const settings = {
    NATIONAL_PORTAL_TLS_CERT: `${folder.folder}/cert.pem`,
    NATIONAL_PORTAL_TLS_KEY: `${folder.folder}/key.pem`,
    NATIONAL_PORTAL_TLS_CA: folder.write("ca.pem", authority.cert),
  };
  scene = await openApiScene({ dispatch: false, settings });
  closers.push(scene.close);
  platform = await startMutualServer(authority);
  closers.push(platform.close);
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** The connections of one process, as `npm start` opens them. */
const openProcess = () => {
  const parts = { config: scene.config, database: scene.database, log: createLog("silent", []), checkMs: 20 };
  const opened = openPlatformTransport(PLATFORM, parts);
  closers.push(opened.close);
  const request = { method: "POST", headers: {}, body: "{}", url: platform.url } as const;
  return async () =>
    (await opened.transport(request, { signal: AbortSignal.timeout(10_000), maxAnswerBytes: 1000 })).body;
};

const line = async (): Promise<PlatformLine | undefined> => {
  const { body } = await scene.call<{ items: PlatformLine[] }>("GET", "/v1/platforms");
  return body.items.find(({ id }) => id === PLATFORM);
};
const expiry = async () => (await line())?.certificateExpiresAt?.slice(0, 10);
const day = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

const evaluate = async () => {
  await scene.database.execute(sql`update alarm_rounds set next_at = now()`);
  return scene.deployment.chores(scene.database, () => undefined).evaluateAlarms();
};
const standing = async () =>
  (await scene.call<{ items: AlarmView[] }>("GET", "/v1/alarms?standing=true")).body.items.map(
    ({ kind, severity, subject }) => ({ kind, severity, subject }),
  );
const WARNING = { kind: "certificate-expiring", severity: "warning", subject: PLATFORM };

test("a certificate is warned about, critical once it has ended, and quiet when a new one is taken up while running", async () => {
  write(endingIn("old", 20));
  const call = openProcess();
  expect(await call()).toBe("old");
  await expect.poll(expiry, { timeout: 10_000 }).toBe(day(20));
  await evaluate();
  expect(await standing()).toEqual([WARNING]);

  await scene.database.execute(sql`update platform_states set certificate_expires_at = now() - interval '1 minute'`);
  const critical = { ...WARNING, severity: "critical" };
  expect(await evaluate()).toEqual({ raised: [critical], cleared: [WARNING] });
  expect(await standing()).toEqual([critical]);
  expect(await evaluate()).toEqual({ raised: [], cleared: [] });

  write(endingIn("new", 365));
  await expect.poll(expiry, { timeout: 10_000 }).toBe(day(365));
  expect(await call()).toBe("new");
  expect(await evaluate()).toEqual({ raised: [], cleared: [critical] });
});

test("when the certificate ends is one truth for all processes, also for those that have not read the files", async () => {
  write(endingIn("one", 100));
  openProcess();
  openProcess();
  await expect.poll(expiry, { timeout: 10_000 }).toBe(day(100));
  const [row] = await scene.database.execute(sql`select count(*)::int as count from platform_states`);
  expect(row).toEqual({ count: 1 });
});

test("a process that shows no certificate any more clears what was written down", async () => {
  write(endingIn("one", 10));
  openProcess();
  await expect.poll(expiry, { timeout: 10_000 }).toBe(day(10));
  const config = { ...scene.config, tls: () => null };
  const parts = { config, database: scene.database, log: createLog("silent", []) };
  closers.push(openPlatformTransport(PLATFORM, parts).close);
  await expect.poll(expiry, { timeout: 10_000 }).toBeUndefined();
  expect(await standing()).toEqual([]);
});
