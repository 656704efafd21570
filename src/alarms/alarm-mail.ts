import { ALARMS, type AlarmView } from "../../contracts/services/alarms.ts";
import type { Language, Text } from "../../contracts/text.ts";
import { vietnamTime } from "../console/vietnam-time.ts";
import type { AlarmNotice } from "./claim-alarm-mail.ts";

/** A mail as it is handed to the server: plain text, no personal data. */
export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** Without angle brackets; the same for the same notices, so that a repeat can be recognised. */
  readonly messageId: string;
}

/** Sends one mail. Rejects when the server took it for nobody. */
export type SendMail = (mail: Mail) => Promise<{
  /** How many recipients the server refused while it took the mail for others. */
  readonly refused: number;
}>;

/** What a mail is written for. */
export interface MailContext {
  readonly provinceCode: string;
  readonly publicUrl: string;
}

const EXPIRED: Text = { vi: "Chứng thư số đã hết hạn", en: "A certificate has expired" };

const SEVERITIES = {
  critical: { vi: "nghiêm trọng", en: "critical" },
  warning: { vi: "cảnh báo", en: "warning" },
} as const satisfies Record<AlarmView["severity"], Text>;

const WORDS = {
  gateway: { vi: "Cổng liên thông", en: "Liên Thông Gateway" },
  raised: { vi: "CẢNH BÁO MỚI", en: "ALARMS RAISED" },
  cleared: { vi: "ĐÃ HẾT", en: "ALARMS CLEARED" },
  since: { vi: "Từ lúc", en: "Since" },
  ended: { vi: "Hết lúc", en: "Cleared at" },
  zone: { vi: "giờ Việt Nam", en: "time in Vietnam" },
  todo: { vi: "Việc cần làm", en: "What to do" },
  console: { vi: "Trang vận hành", en: "Console" },
  api: { vi: "Các cảnh báo đang còn", en: "Alarms that stand" },
} as const satisfies Record<string, Text>;

const titleOf = ({ kind, severity }: AlarmNotice): Text =>
  kind === "certificate-expiring" && severity === "critical" ? EXPIRED : ALARMS[kind].title;

const paragraph = (notice: AlarmNotice, language: Language): string => {
  const { kind, severity, subject, change, at } = notice;
  const when = `${WORDS[change === "raised" ? "since" : "ended"][language]}: ${vietnamTime(at)} (${WORDS.zone[language]})`;
  const head = `- [${SEVERITIES[severity][language]}] ${titleOf(notice)[language]}: ${subject}`;
  const todo = change === "raised" ? [`  ${WORDS.todo[language]}: ${ALARMS[kind].remedy[language]}`] : [];
  return [head, `  ${when}`, ...todo].join("\n");
};

const section = (notices: readonly AlarmNotice[], change: AlarmNotice["change"], language: Language): string[] => {
  const ours = notices.filter((notice) => notice.change === change);
  if (ours.length === 0) return [];
  return [`${WORDS[change][language]} (${ours.length})`, ...ours.map((notice) => paragraph(notice, language))];
};

const inLanguage = (notices: readonly AlarmNotice[], { publicUrl, provinceCode }: MailContext, language: Language) =>
  [
    `${WORDS.gateway[language]} ${provinceCode} (${publicUrl})`,
    ...section(notices, "raised", language),
    ...section(notices, "cleared", language),
    `${WORDS.console[language]}: ${publicUrl}/console\n${WORDS.api[language]}: ${publicUrl}/v1/alarms?standing=true`,
  ].join("\n\n");

const subjectOf = (notices: readonly AlarmNotice[], { provinceCode }: MailContext): string => {
  const raised = notices.filter(({ change }) => change === "raised");
  const count = { raised: raised.length, cleared: notices.length - raised.length };
  const critical = raised.some(({ severity }) => severity === "critical");
  const counted = ([words, n]: readonly [string, number]): string[] => (n === 0 ? [] : [`${n} ${words}`]);
  const parts = (language: Language): string => {
    const words =
      language === "vi"
        ? ([["cảnh báo mới", count.raised] as const, ["đã hết", count.cleared] as const] as const)
        : ([["raised", count.raised] as const, ["cleared", count.cleared] as const] as const);
    return words.flatMap(counted).join(", ");
  };
  return `[${WORDS.gateway.vi} ${provinceCode}]${critical ? " NGHIÊM TRỌNG:" : ""} ${parts("vi")} / ${parts("en")}`;
};

/** Writes the mail: Vietnamese first, English below, each alarm with exactly what to do (api section 4). */
export const writeAlarmMail = (
  notices: readonly AlarmNotice[],
  context: MailContext,
): Pick<Mail, "subject" | "text"> => ({
  subject: subjectOf(notices, context),
  text: `${inLanguage(notices, context, "vi")}\n\n${"-".repeat(60)}\n\n${inLanguage(notices, context, "en")}\n`,
});
