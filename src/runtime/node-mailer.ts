import { createTransport } from "nodemailer";
import type { SendMail } from "../alarms/alarm-mail.ts";

/** A connection to a mail server takes at most this long, and so does its greeting. */
const CONNECT_TIMEOUT_MS = 10_000;
/** The server may be silent for so long. */
const SILENCE_MS = 20_000;
/** One mail takes at most this long, however slowly the server answers. */
const DEADLINE_MS = 60_000;

const isOwnMachine = (host: string): boolean => /^(?:localhost|127\..*|::1|\[::1\])$/u.test(host);

/** What nodemailer is told, and nothing that an address could add. */
const optionsOf = (smtpUrl: string) => {
  const { protocol, hostname, port, username, password } = new URL(smtpUrl);
  const secure = protocol === "smtps:";
  const host = hostname.replace(/^\[|\]$/gu, "");
  return {
    host,
    port: port === "" ? (secure ? 465 : 587) : Number(port),
    secure,
    ...(username !== "" && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    // Credentials never cross a network in clear.
    requireTLS: !secure && username !== "" && !isOwnMachine(host),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
};

/**
 * Sends mail through `SMTP_URL`, on a connection of its own for each mail. TLS is used wherever the server offers it,
 * and demanded where credentials go over a network.
 *
 * @param deadlineMs how long one mail may take.
 */
export const createNodeMailer = (smtpUrl: string, deadlineMs = DEADLINE_MS): SendMail => {
  const options = optionsOf(smtpUrl);
  return async ({ from, to, subject, text, messageId }) => {
    const transporter = createTransport(options);
    let timer: NodeJS.Timeout | undefined;
    const overdue = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error("the mail server took too long")), deadlineMs);
    });
    const sending = transporter.sendMail({
      from,
      to: [...to],
      subject,
      text,
      messageId: `<${messageId}>`,
      headers: { "Auto-Submitted": "auto-generated" },
    });
    try {
      const { rejected } = await Promise.race([sending, overdue]);
      return { refused: rejected.length };
    } finally {
      clearTimeout(timer);
      sending.catch(() => undefined);
      transporter.close();
    }
  };
};
