import { z } from "zod";
import type { Text } from "../text.ts";

/** The closed list of alarms (api section 4), each with how bad it is and what it says. `subject` names what it is about. */
export const ALARMS = {
  /** Subject: a platform. Its breaker is open, or entries wait and no call succeeded for a while. */
  "platform-down": {
    severity: "critical",
    title: { vi: "Mất kết nối hệ thống quốc gia", en: "A platform is down" },
  },
  /** Subject: a platform. An entry that nothing blocks waits longer than it should. */
  "oldest-waiting": {
    severity: "warning",
    title: { vi: "Có trao đổi chờ quá lâu", en: "An entry waits too long" },
  },
  /** Subject: a failure group that was never seen before. */
  "new-cause": {
    severity: "warning",
    title: { vi: "Xuất hiện nguyên nhân lỗi mới", en: "Entries fail for a new cause" },
  },
  /** Subject: a platform whose daily quota is used up to four fifths. */
  "quota-low": {
    severity: "warning",
    title: { vi: "Sắp hết hạn mức trong ngày", en: "The daily quota is nearly used up" },
  },
  /** Subject: a platform whose client certificate ends within 30 days. */
  "certificate-expiring": {
    severity: "warning",
    title: { vi: "Chứng thư số sắp hết hạn", en: "A certificate is about to expire" },
  },
} as const satisfies Record<string, { readonly severity: "critical" | "warning"; readonly title: Text }>;

/** One kind of alarm. */
export type AlarmKind = keyof typeof ALARMS;

/** All kinds. */
export const ALARM_KINDS = Object.keys(ALARMS) as [AlarmKind, ...AlarmKind[]];

/** An alarm, raised or cleared. */
export const alarmSchema = z
  .strictObject({
    kind: z.enum(ALARM_KINDS),
    severity: z.enum(["critical", "warning"]),
    subject: z.string(),
    since: z.string().meta({ format: "date-time" }),
    clearedAt: z.string().meta({ format: "date-time" }).optional(),
  })
  .meta({ id: "Alarm" });

/** An alarm, raised or cleared. */
export type AlarmView = z.infer<typeof alarmSchema>;

/** A page of alarms, newest first. */
export const alarmPageSchema = z
  .strictObject({ items: z.array(alarmSchema), next: z.string().nullable() })
  .meta({ id: "AlarmPage" });
