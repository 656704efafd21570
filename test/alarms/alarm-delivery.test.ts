import { afterEach, expect, test } from "vitest";
import { sql } from "../../src/database/sql.ts";
import { openGatewayScene } from "../gateway-scene.ts";
import { startSmtpServer } from "./smtp-server.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

test("a running gateway mails its alarms by itself", async () => {
  const server = await startSmtpServer();
  closers.push(server.close);
  const settings = { SMTP_URL: server.url, ALARM_EMAIL: "truc@example.gov.vn" };
  const scene = await openGatewayScene({ dispatch: false, settings });
  closers.push(scene.close);
  await scene.database.execute(
    sql`insert into alarms (tenant, kind, severity, subject, since)
        values (${scene.gateway.tenant}, 'oldest-waiting', 'warning', 'national-portal', now() - interval '2 minutes')`,
  );
  scene.startDispatch();
  await expect.poll(() => server.mails.length, { timeout: 20_000 }).toBe(1);
  expect(server.mails[0]?.to).toEqual(["truc@example.gov.vn"]);
  expect(server.mails[0]?.text).toContain("national-portal");
});
