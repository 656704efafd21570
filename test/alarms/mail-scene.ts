import { type MailRound, mailAlarms } from "../../src/alarms/mail-alarms.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { createNodeMailer } from "../../src/runtime/node-mailer.ts";
import { openGatewayScene } from "../gateway-scene.ts";
import { type SmtpBehaviour, startSmtpServer } from "./smtp-server.ts";

/** Who is told, and in whose name. */
export const TO = ["truc@example.gov.vn", "lanh.dao@example.gov.vn"];
export const FROM = "gateway@example.gov.vn";

/** Alarms and the mails about them, on a database of its own. */
export const openMailScene = async () => {
  const { database, gateway, close } = await openGatewayScene({ dispatch: false });
  const { tenant } = gateway;
  const servers: (() => Promise<void>)[] = [];
  return {
    database,
    tenant,
    close,
    /** A mail server of this test. */
    serve: async (behaviour?: SmtpBehaviour) => {
      const server = await startSmtpServer(behaviour);
      servers.push(server.close);
      return server;
    },
    /** As if mail had been set up and no alarm had ever been. */
    reset: async (): Promise<void> => {
      await database.execute(sql`truncate alarms, alarm_mailers`);
      await database.execute(sql`insert into alarm_mailers (tenant) values (${tenant})`);
    },
    closeServers: async (): Promise<void> => {
      for (const closeServer of servers.splice(0)) await closeServer();
    },
    /** One process's look at the outbox. */
    mail: (url: string, deadlineMs = 2000): Promise<MailRound> =>
      mailAlarms(
        {
          database,
          tenant,
          provinceCode: "H04",
          publicUrl: "https://lienthong.example.gov.vn",
          settings: { from: FROM, to: TO },
        },
        createNodeMailer(url, deadlineMs),
      ),
    /** Raises an alarm, so many seconds ago. */
    raise: (kind: string, subject: string, seconds = 61, severity = "warning") =>
      database.execute(
        sql`insert into alarms (tenant, kind, severity, subject, since)
            values (${tenant}, ${kind}, ${severity}, ${subject}, now() - make_interval(secs => ${seconds}::int))`,
      ),
    clear: (subject: string, seconds = 61) =>
      database.execute(
        sql`update alarms set cleared_at = now() - make_interval(secs => ${seconds}::int) where subject = ${subject}`,
      ),
    retryNow: () => database.execute(sql`update alarm_mailers set next_at = now()`),
    /** What is recorded of each alarm's mails. */
    kept: () =>
      rows<{ subject: string; raised: string | null; cleared: string | null }>(
        database,
        sql`select subject, raised_mail as raised, cleared_mail as cleared from alarms order by id`,
      ),
  };
};

/** Alarms and mails. */
export type MailScene = Awaited<ReturnType<typeof openMailScene>>;
