import type { PlatformId } from "../../contracts/adapter.ts";
import type { AlarmKind, AlarmView } from "../../contracts/services/alarms.ts";
import type { PlatformLine } from "../../contracts/services/platforms.ts";

/** When something is worth an alarm. */
export interface AlarmLimits {
  /** A platform that answered nothing well for so long, while entries were tried in vain, is down. */
  readonly silentSeconds: number;
  /** An entry that nothing blocks may wait so long. */
  readonly waitingSeconds: number;
  /** Share of the daily quota used. */
  readonly quotaShare: number;
  readonly certificateDays: number;
}

/** The limits of the product: 10 minutes of silence, an hour of waiting, four fifths of the quota, 30 days. */
export const ALARM_LIMITS: AlarmLimits = {
  silentSeconds: 600,
  waitingSeconds: 3600,
  quotaShare: 0.8,
  certificateDays: 30,
};

/** What waits for a platform and is not blocked by a failure. */
export interface WaitingSignal {
  readonly platform: PlatformId;
  readonly oldestSeconds: number;
  /** Some of it was tried and did not get through. */
  readonly tried: boolean;
}

/** Everything alarms are decided by. */
export interface AlarmSignals {
  readonly now: Date;
  readonly platforms: readonly PlatformLine[];
  /** Calls a day, where there is a limit. */
  readonly quotaOf: (platform: PlatformId) => number | undefined;
  readonly waiting: readonly WaitingSignal[];
  /** Failure groups that are new enough to tell. */
  readonly newCauses: readonly string[];
  /** Webhooks that nothing is sent to until somebody enables them. */
  readonly disabledWebhooks?: readonly string[];
}

/** An alarm that should stand now. */
export interface WantedAlarm {
  readonly kind: AlarmKind;
  readonly subject: string;
  /** Only where it is another than its kind's own. */
  readonly severity?: AlarmView["severity"];
}

const DAY_MS = 86_400_000;
/** A person or a plan keeps it from sending: silence is no sign of anything. */
const AT_REST: readonly PlatformLine["state"][] = ["paused", "window", "not-configured"];

const isDown = (line: PlatformLine, waiting: WaitingSignal | undefined, now: Date, { silentSeconds }: AlarmLimits) => {
  if (line.breaker === "open") return true;
  if (AT_REST.includes(line.state) || waiting === undefined || !waiting.tried) return false;
  const silence = line.lastGoodCallAt === undefined ? Infinity : now.getTime() - Date.parse(line.lastGoodCallAt);
  return waiting.oldestSeconds > silentSeconds && silence > silentSeconds * 1000;
};

const isQuotaLow = ({ id, quotaLeft }: PlatformLine, { quotaOf }: AlarmSignals, { quotaShare }: AlarmLimits) => {
  const quota = quotaOf(id);
  return quota !== undefined && quotaLeft !== undefined && quota - quotaLeft >= quota * quotaShare;
};

const isExpiring = ({ certificateExpiresAt }: PlatformLine, now: Date, { certificateDays }: AlarmLimits) =>
  certificateExpiresAt !== undefined && Date.parse(certificateExpiresAt) - now.getTime() < certificateDays * DAY_MS;

/** An expired certificate stops every call: no warning any more. */
const isExpired = ({ certificateExpiresAt }: PlatformLine, now: Date) =>
  certificateExpiresAt !== undefined && Date.parse(certificateExpiresAt) <= now.getTime();

/** Pure: the alarms that should stand now (api section 4). */
export const decideAlarms = (signals: AlarmSignals, limits: AlarmLimits): WantedAlarm[] => {
  const { now, platforms, waiting, newCauses } = signals;
  const ofPlatforms = platforms.flatMap((line): WantedAlarm[] => {
    const waits = waiting.find(({ platform }) => platform === line.id);
    const kinds: [AlarmKind, boolean][] = [
      ["platform-down", isDown(line, waits, now, limits)],
      ["oldest-waiting", (waits?.oldestSeconds ?? 0) > limits.waitingSeconds],
      ["quota-low", isQuotaLow(line, signals, limits)],
      ["certificate-expiring", isExpiring(line, now, limits)],
    ];
    return kinds
      .filter(([, stands]) => stands)
      .map(([kind]) => {
        const worse = kind === "certificate-expiring" && isExpired(line, now);
        return { kind, subject: line.id, ...(worse && { severity: "critical" as const }) };
      });
  });
  const disabled = (signals.disabledWebhooks ?? []).map((subject) => ({ kind: "webhook-disabled" as const, subject }));
  return [...ofPlatforms, ...newCauses.map((subject) => ({ kind: "new-cause" as const, subject })), ...disabled];
};
