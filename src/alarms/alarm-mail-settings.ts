import { faulty, type SettingReading } from "../security/setting-reading.ts";

/** To whom alarms are mailed, and through which server (design section 8, `SMTP_URL` and `ALARM_EMAIL`). */
export interface AlarmMailSettings {
  /** `smtp://` or `smtps://`, with credentials: never shown or logged. */
  readonly smtpUrl: string;
  readonly to: readonly string[];
  readonly from: string;
}

/** The settings as they stand in the environment. */
export interface AlarmMailSource {
  readonly smtpUrl: string | undefined;
  readonly to: string | undefined;
  readonly from: string | undefined;
  /** Its host names the sender unless `ALARM_EMAIL_FROM` does. */
  readonly publicUrl: string;
}

const MOST_RECIPIENTS = 50;
/** Plain addresses, no display names: they go to the server as they are. */
const ADDRESS = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$/u;

const isMailServer = (value: string): boolean => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^smtps?:$/u.test(url.protocol) || url.hostname === "") return false;
  // Options of a mail library in the address could print the credentials or turn off the check of certificates.
  const bare = url.search === "" && url.hash === "" && /^\/?$/u.test(url.pathname);
  return bare && [url.username, url.password].every(isEscaped);
};

const isEscaped = (part: string): boolean => {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
};

const senderAt = (publicUrl: string): string => {
  const { hostname } = new URL(publicUrl);
  return `lien-thong-gateway@${/[a-z]/iu.test(hostname) && !hostname.includes(":") ? hostname : "localhost"}`;
};

/** Faults name the setting and the place, never what stands there. */
const faultsOf = ({ smtpUrl, to, from }: AlarmMailSource, recipients: readonly string[]): string[] => {
  const faults: string[] = [];
  if (smtpUrl === undefined) faults.push("SMTP_URL is missing: the mail server for ALARM_EMAIL");
  else if (!isMailServer(smtpUrl))
    faults.push(
      "SMTP_URL is not an address that begins with smtp:// or smtps:// and has a host, a user and a password, or a host alone",
    );
  if (to === undefined) faults.push("ALARM_EMAIL is missing: who is told of alarms through SMTP_URL");
  if (recipients.length > MOST_RECIPIENTS) faults.push(`ALARM_EMAIL has more than ${MOST_RECIPIENTS} addresses`);
  for (const [index, recipient] of recipients.entries())
    if (!ADDRESS.test(recipient)) faults.push(`ALARM_EMAIL[${index}]: not an e-mail address`);
  if (from !== undefined && !ADDRESS.test(from)) faults.push("ALARM_EMAIL_FROM is not an e-mail address");
  return faults;
};

/** Reads `SMTP_URL`, `ALARM_EMAIL` and `ALARM_EMAIL_FROM`; null: none of them is given, and nothing is mailed. */
export const parseAlarmMail = (source: AlarmMailSource): SettingReading<AlarmMailSettings | null> => {
  const { smtpUrl = "", to, from, publicUrl } = source;
  if (source.smtpUrl === undefined && to === undefined && from === undefined) return { ok: true, value: null };
  const recipients = to === undefined ? [] : to.split(",").map((each) => each.trim());
  const faults = faultsOf(source, recipients);
  if (faults.length > 0) return faulty(faults);
  return { ok: true, value: { smtpUrl, to: [...new Set(recipients)], from: from ?? senderAt(publicUrl) } };
};
