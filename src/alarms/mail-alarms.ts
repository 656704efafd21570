import type { Database } from "../database/database.ts";
import { type MailContext, type SendMail, writeAlarmMail } from "./alarm-mail.ts";
import type { AlarmMailSettings } from "./alarm-mail-settings.ts";
import { type AlarmNotice, claimAlarmMail } from "./claim-alarm-mail.ts";
import { settleFailedMail, settleSentMail } from "./settle-alarm-mail.ts";

/** What the mails are made of. */
export interface AlarmMailParts extends MailContext {
  readonly database: Database;
  readonly tenant: string;
  readonly settings: Pick<AlarmMailSettings, "from" | "to">;
}

/** What one look at the outbox came to; `gaveUp` counts alarms that nobody will be told of by mail. */
export type MailRound = { readonly gaveUp: number } & (
  | { readonly kind: "idle" }
  /** `notices` were told; the server refused `refused` of the recipients. */
  | { readonly kind: "sent"; readonly notices: number; readonly refused: number }
  | { readonly kind: "failed"; readonly notices: number; readonly error: unknown }
);

const messageIdOf = (notices: readonly AlarmNotice[], { tenant, settings }: AlarmMailParts): string => {
  const name = ({ id, change }: AlarmNotice) => `${id}${change}`;
  const ends = [notices[0], notices.at(-1)].flatMap((notice) => (notice === undefined ? [] : [name(notice)]));
  return `alarms.${tenant}.${notices.length}.${ends.join(".")}@${settings.from.split("@")[1]}`;
};

/**
 * Mails what is due, if anything is. Any process may call it as often as it likes: one sends at a time. Every notice is
 * told at least once; a process that dies between sending and recording leaves a repeat with the same message id.
 */
export const mailAlarms = async (parts: AlarmMailParts, send: SendMail): Promise<MailRound> => {
  const { database, tenant, settings } = parts;
  const { mail, gaveUp } = await claimAlarmMail(database, tenant);
  if (mail === null) return { kind: "idle", gaveUp };
  const { notices } = mail;
  const written = { ...settings, ...writeAlarmMail(notices, parts), messageId: messageIdOf(notices, parts) };
  let refused: number;
  try {
    ({ refused } = await send(written));
  } catch (error) {
    await settleFailedMail(database, tenant, mail);
    return { kind: "failed", notices: notices.length, error, gaveUp };
  }
  await settleSentMail(database, tenant, mail);
  return { kind: "sent", notices: notices.length, refused, gaveUp };
};
