import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { deadPort } from "../runtime/scripted-server.ts";
import { FROM, type MailScene, openMailScene, TO } from "./mail-scene.ts";

let scene: MailScene;

beforeAll(async () => {
  scene = await openMailScene();
});
afterAll(() => scene.close());
beforeEach(() => scene.reset());
afterEach(() => scene.closeServers());

test("an alarm is mailed to everybody, in Vietnamese and English, with what to do, and once", async () => {
  const server = await scene.serve();
  await scene.raise("platform-down", "national-portal", 61, "critical");
  expect(await scene.mail(server.url)).toEqual({ kind: "sent", notices: 1, refused: 0, gaveUp: 0 });
  expect(await scene.mail(server.url)).toEqual({ kind: "idle", gaveUp: 0 });
  expect(server.mails).toHaveLength(1);
  const [{ from, to, headers, text }] = server.mails as [(typeof server.mails)[number]];
  expect([from, to]).toEqual([FROM, TO]);
  expect(headers.get("subject")).toBe("[Cổng liên thông H04] NGHIÊM TRỌNG: 1 cảnh báo mới / 1 raised");
  expect(headers.get("auto-submitted")).toBe("auto-generated");
  expect(headers.get("content-type")).toMatch(/^text\/plain; charset=utf-8/u);
  const [vietnamese = "", english = ""] = text.split("-".repeat(60));
  expect(vietnamese).toContain("- [nghiêm trọng] Mất kết nối hệ thống quốc gia: national-portal");
  expect(vietnamese).toMatch(/Từ lúc: \d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d \(giờ Việt Nam\)/u);
  expect(vietnamese).toContain("Việc cần làm: Kiểm tra đường truyền tới hệ thống");
  expect(english).toContain("- [critical] A platform is down: national-portal");
  expect(english).toContain("What to do: Check the line to the platform");
  expect(english).toContain("https://lienthong.example.gov.vn/console");
});

test("a storm is gathered for a minute and is one mail; what is cleared is told too", async () => {
  const server = await scene.serve();
  for (let n = 0; n < 20; n += 1) await scene.raise("new-cause", `g-${n}`, n);
  expect(await scene.mail(server.url)).toEqual({ kind: "idle", gaveUp: 0 });
  await scene.raise("quota-low", "national-portal", 60);
  await scene.clear("g-0", 0);
  expect(await scene.mail(server.url)).toMatchObject({ kind: "sent", notices: 22 });
  expect(server.mails).toHaveLength(1);
  expect(server.mails[0]?.headers.get("subject")).toBe(
    "[Cổng liên thông H04] 21 cảnh báo mới, 1 đã hết / 21 raised, 1 cleared",
  );
  expect(server.mails[0]?.text).toContain("ĐÃ HẾT (1)\n\n- [cảnh báo] Xuất hiện nguyên nhân lỗi mới: g-0\n  Hết lúc: ");
  await scene.clear("g-1");
  expect(await scene.mail(server.url)).toMatchObject({ kind: "sent", notices: 1 });
  expect(server.mails[1]?.headers.get("subject")).toBe("[Cổng liên thông H04] 1 đã hết / 1 cleared");
});

test("more than a hundred notices go in several mails, none twice", async () => {
  const server = await scene.serve();
  await scene.database.execute(
    sql`insert into alarms (tenant, kind, severity, subject, since)
        select ${scene.tenant}, 'new-cause', 'warning', 'g-' || n, now() - interval '2 minutes'
        from generate_series(1, 150) n`,
  );
  expect(await scene.mail(server.url)).toMatchObject({ kind: "sent", notices: 100 });
  expect(await scene.mail(server.url)).toMatchObject({ kind: "sent", notices: 50 });
  const told = server.mails.flatMap(({ text }) => [
    ...text.slice(0, text.indexOf("-".repeat(60))).matchAll(/: (g-\d+)$/gmu),
  ]);
  expect(new Set(told.map(([, subject]) => subject)).size).toBe(150);
  expect(told).toHaveLength(150);
});

test("while the server is down nothing is lost, pauses grow, and the mail goes out when it is back", async () => {
  const port = await deadPort();
  const url = `smtp://127.0.0.1:${port}`;
  await scene.raise("oldest-waiting", "national-portal");
  const pauses: number[] = [];
  for (let n = 0; n < 4; n += 1) {
    expect(await scene.mail(url)).toMatchObject({ kind: "failed", notices: 1 });
    expect(await scene.mail(url)).toEqual({ kind: "idle", gaveUp: 0 });
    const [row] = await rows<{ seconds: number }>(
      scene.database,
      sql`select extract(epoch from next_at - now())::float8 as seconds from alarm_mailers`,
    );
    pauses.push(Math.round((row?.seconds ?? 0) / 30));
    await scene.retryNow();
  }
  expect(pauses).toEqual([1, 2, 4, 8]);
  await scene.raise("quota-low", "national-portal", 0);
  const server = await scene.serve({ port });
  expect(await scene.mail(url)).toMatchObject({ kind: "sent", notices: 2 });
  expect(server.mails).toHaveLength(1);
});

test("after three days in vain it is given up and said so; what is newer is still mailed", async () => {
  const dead = `smtp://127.0.0.1:${await deadPort()}`;
  const days = 86_400;
  await scene.raise("oldest-waiting", "national-portal", 3 * days + 60);
  await scene.raise("new-cause", "g-1", 2 * days);
  expect(await scene.mail(dead)).toMatchObject({ kind: "failed", notices: 2, gaveUp: 0 });
  await scene.retryNow();
  const server = await scene.serve();
  expect(await scene.mail(server.url)).toEqual({ kind: "sent", notices: 1, refused: 0, gaveUp: 1 });
  expect(await scene.kept()).toEqual([
    { subject: "national-portal", raised: "given-up", cleared: null },
    { subject: "g-1", raised: "sent", cleared: null },
  ]);
  await scene.clear("national-portal");
  expect(await scene.mail(server.url)).toMatchObject({ kind: "sent", notices: 1 });
});

test("a recipient that the server refuses does not keep the others from being told", async () => {
  const server = await scene.serve({ refuse: (to) => (to === TO[0] ? "550 5.1.1 no such mailbox" : undefined) });
  await scene.raise("quota-low", "national-portal");
  expect(await scene.mail(server.url)).toEqual({ kind: "sent", notices: 1, refused: 1, gaveUp: 0 });
  expect(server.mails.map(({ to }) => to)).toEqual([[TO[1]]]);
  expect(await scene.mail(server.url)).toMatchObject({ kind: "idle" });
});

test("when every recipient is refused, or the content is, the mail is tried again", async () => {
  let well = false;
  const server = await scene.serve({
    refuse: () => (well ? undefined : "450 4.2.1 try later"),
    atEnd: () => "250 taken",
  });
  await scene.raise("quota-low", "national-portal");
  expect(await scene.mail(server.url)).toMatchObject({ kind: "failed", error: { responseCode: 450 } });
  const strict = await scene.serve({ atEnd: () => "554 5.7.1 refused" });
  await scene.retryNow();
  expect(await scene.mail(strict.url)).toMatchObject({ kind: "failed", error: { responseCode: 554 } });
  well = true;
  await scene.retryNow();
  expect(await scene.mail(server.url)).toMatchObject({ kind: "sent" });
});

test("user and password are given where the server asks for them", async () => {
  const server = await scene.serve({ login: true });
  await scene.raise("quota-low", "national-portal");
  const withLogin = (login: string) => server.url.replace("//", `//${login}@`);
  const wrong = await scene.mail(withLogin("gateway:wrong"));
  expect(wrong).toMatchObject({ kind: "failed", error: { code: "EAUTH" } });
  await scene.retryNow();
  expect(await scene.mail(withLogin("gateway:p%40ss%2Fword"))).toMatchObject({ kind: "sent" });
  expect(server.mails[0]?.login).toBe("gateway:p@ss/word");
});

test("credentials are not given over a network without TLS", async () => {
  const server = await scene.serve({ login: true });
  await scene.raise("quota-low", "national-portal");
  // Another name of this machine, which the mailer does not know as its own.
  const round = await scene.mail(`smtp://gateway:p%40ss%2Fword@0.0.0.0:${server.port}`);
  expect(round).toMatchObject({ kind: "failed", error: { code: "ETLS" } });
  expect(server.mails).toEqual([]);
});

test("a server that says nothing is given up after the deadline", async () => {
  const server = await scene.serve({ silent: true });
  await scene.raise("quota-low", "national-portal");
  const begun = performance.now();
  const round = await scene.mail(server.url, 90);
  expect(round.kind).toBe("failed");
  expect(performance.now() - begun).toBeLessThan(5000);
});

test("when mail is set up, what stands is told and what was over before is not", async () => {
  const server = await scene.serve();
  await scene.database.execute(sql`delete from alarm_mailers`);
  await scene.raise("certificate-expiring", "national-portal", 40 * 86_400, "critical");
  await scene.raise("new-cause", "g-old", 40 * 86_400);
  await scene.clear("g-old", 86_400);
  expect(await scene.mail(server.url)).toMatchObject({ kind: "sent", notices: 1, gaveUp: 0 });
  expect(server.mails[0]?.text).toContain("- [nghiêm trọng] Chứng thư số đã hết hạn: national-portal");
  expect(server.mails[0]?.text).toContain("- [critical] A certificate has expired: national-portal");
  expect((await scene.kept())[1]).toEqual({ subject: "g-old", raised: "before", cleared: "before" });
});
