import { ALARMS, type AlarmKind } from "../../contracts/services/alarms.ts";
import type { NewEvent } from "./record-events.ts";

interface Alarm {
  readonly kind: AlarmKind;
  readonly subject: string;
}

/** Alarms that changed, as events for the province's own clients: no agency owns an alarm (api section 8). */
export const alarmEvents = (
  { raised, cleared }: { readonly raised: readonly Alarm[]; readonly cleared: readonly Alarm[] },
  occurredAt: Date,
  correlationId: string,
): NewEvent[] => {
  const told =
    (type: "alarm.raised" | "alarm.cleared") =>
    ({ kind, subject }: Alarm): NewEvent => {
      const data = { kind, severity: ALARMS[kind].severity, subject };
      return { type, occurredAt, subject, data, correlationId };
    };
  return [...cleared.map(told("alarm.cleared")), ...raised.map(told("alarm.raised"))];
};
