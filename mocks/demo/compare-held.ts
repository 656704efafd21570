import type { HoSo, TienDo } from "../../contracts/platforms/national-portal/wire.ts";
import { eventsOf, lastPutOf, type SampleDossier, type SampleEvent } from "./sample-month.ts";

/** A progress step as the simulator shows it. */
export type ShownStep = Pick<TienDo, "NguoiXuLy" | "ThoiDiemXuLy" | "NoiDungXuLy" | "TrangThai">;

/** A dossier as the simulator shows it at `/__simulator/state`. */
export interface ShownDossier {
  readonly MaHoSo: string;
  readonly status: string;
  readonly hoSo: Pick<HoSo, "ChuHoSo" | "TrichYeuHoSo" | "TrangThaiHoSo" | "NgayKetThucXuLy" | "NgayTra">;
  readonly steps: readonly ShownStep[];
}

/** What the portal holds of the sample, and what is wrong with it. Lists hold dossier codes. */
export interface Comparison {
  readonly held: number;
  readonly missing: readonly string[];
  /** The held object, or the status that the portal shows, is not the one sent last. */
  readonly outdated: readonly string[];
  readonly stepsSent: number;
  /** Steps held, each counted once. */
  readonly stepsHeld: number;
  /** Steps that arrived again directly after themselves: allowed where the outcome of the first was unknown. */
  readonly stepsRepeated: number;
  readonly stepsMissing: readonly string[];
  readonly outOfOrder: readonly string[];
}

/** np 3.1, in the order of the national codes 1 to 10. Written here anew: a witness does not ask whom it watches. */
const STATUSES = [
  "submitted",
  "accepted",
  "not-accepted",
  "processing",
  "supplement-required",
  "payment-required",
  "withdrawn",
  "stopped",
  "finished",
  "returned",
];

const nationalCode = (status: string): string => String(STATUSES.indexOf(status) + 1);

/** np 2.2: `yyyyMMddHHmmss` of Vietnam, where the sample's times are written. */
const wireTime = (at: string | undefined): string => at?.slice(0, 19).replaceAll(/[-T:]/gu, "") ?? "";

const sameStep = (sent: SampleEvent, held: ShownStep): boolean =>
  held.NoiDungXuLy === sent.content &&
  held.NguoiXuLy === sent.officer.name &&
  held.ThoiDiemXuLy === wireTime(sent.occurredAt) &&
  held.TrangThai === nationalCode(sent.status);

/** Walks along what was sent: each held step is the next one, or the last one again, or out of order. */
const walkSteps = (sent: readonly SampleEvent[], held: readonly ShownStep[]) => {
  let found = 0;
  let repeated = 0;
  let strange = 0;
  for (const step of held) {
    const next = sent[found];
    const last = sent[found - 1];
    if (next !== undefined && sameStep(next, step)) found += 1;
    else if (last !== undefined && sameStep(last, step)) repeated += 1;
    else strange += 1;
  }
  return { found, repeated, strange };
};

const isLatest = (sent: SampleDossier, { hoSo, status }: ShownDossier): boolean => {
  const put = lastPutOf(sent);
  const last = sent.steps.at(-1);
  return (
    put !== undefined &&
    last !== undefined &&
    hoSo.ChuHoSo === put.applicant.name &&
    hoSo.TrichYeuHoSo === put.summary &&
    hoSo.TrangThaiHoSo === nationalCode(put.status) &&
    hoSo.NgayKetThucXuLy === wireTime(put.finishedAt) &&
    hoSo.NgayTra === wireTime(put.returnedAt) &&
    status === nationalCode("put" in last ? last.put.status : last.event.status)
  );
};

/** Compares what the portal holds with what the sample says was sent. Pure. */
export const compareHeld = (sample: readonly SampleDossier[], shown: readonly ShownDossier[]): Comparison => {
  const byCode = new Map(shown.map((dossier) => [dossier.MaHoSo, dossier]));
  const pairs = sample.map((sent) => ({ sent, held: byCode.get(sent.code), events: eventsOf(sent) }));
  const walks = pairs.map(({ sent, held, events }) => ({
    code: sent.code,
    events: events.length,
    ...walkSteps(events, held?.steps ?? []),
  }));
  const sum = (of: (walk: (typeof walks)[number]) => number) => walks.reduce((total, walk) => total + of(walk), 0);
  return {
    held: pairs.filter(({ held }) => held !== undefined).length,
    missing: pairs.filter(({ held }) => held === undefined).map(({ sent }) => sent.code),
    outdated: pairs
      .filter(({ sent, held }) => held !== undefined && !isLatest(sent, held))
      .map(({ sent }) => sent.code),
    stepsSent: sum(({ events }) => events),
    stepsHeld: sum(({ found }) => found),
    stepsRepeated: sum(({ repeated }) => repeated),
    stepsMissing: walks.filter(({ events, found }) => found < events).map(({ code }) => code),
    outOfOrder: walks.filter(({ strange }) => strange > 0).map(({ code }) => code),
  };
};
