import type { DongBoTrangThaiHoSo, HoSo, TienDo } from "../../contracts/platforms/national-portal/wire.ts";
import { eventsOf, lastPutOf, type SampleDossier, type SampleEvent } from "./sample-month.ts";

type TrangThai = DongBoTrangThaiHoSo["data"];

/** A progress step as the simulator shows it. */
export type ShownStep = Pick<TienDo, "NguoiXuLy" | "ThoiDiemXuLy" | "NoiDungXuLy" | "TrangThai">;

/** A dossier as the simulator shows it at `/__simulator/state`. */
export interface ShownDossier {
  readonly MaHoSo: string;
  readonly status: string;
  readonly hoSo: Pick<HoSo, "ChuHoSo" | "TrichYeuHoSo" | "TrangThaiHoSo" | "NgayKetThucXuLy" | "NgayTra">;
  readonly steps: readonly ShownStep[];
}

/** A dossier that was filed at the portal, with what the province told about it, as the simulator shows it. */
export interface ShownPortalDossier {
  readonly MaHoSo: string;
  readonly statuses: readonly { readonly data: Pick<TrangThai, "MaHoSoDonVi" | "NoiDung" | "TrangThai"> }[];
}

/** What the simulator shows. */
export interface ShownPortal {
  readonly dossiers: readonly ShownDossier[];
  readonly portalDossiers: readonly ShownPortalDossier[];
}

/** What the portal holds of the sample, and what is wrong with it. Lists hold dossier codes. */
export interface Comparison {
  readonly held: number;
  readonly missing: readonly string[];
  /** The held object, or the status that the portal shows, is not the one sent last. */
  readonly outdated: readonly string[];
  readonly stepsSent: number;
  /** Steps held, each counted once; of a dossier that was filed at the portal, the statuses that it was told. */
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

/** Walks along what was sent: each held one is the next one, or the last one again, or out of order. */
const walk = <Sent, Held>(sent: readonly Sent[], held: readonly Held[], same: (sent: Sent, held: Held) => boolean) => {
  let found = 0;
  let repeated = 0;
  let strange = 0;
  for (const one of held) {
    const next = sent[found];
    const last = sent[found - 1];
    if (next !== undefined && same(next, one)) found += 1;
    else if (last !== undefined && same(last, one)) repeated += 1;
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

/** What became of one dossier of the sample. */
interface Walked {
  readonly code: string;
  readonly held: boolean;
  readonly outdated: boolean;
  readonly sent: number;
  readonly found: number;
  readonly repeated: number;
  readonly strange: number;
}

const walkSynced = (dossier: SampleDossier, held: ShownDossier | undefined): Walked => {
  const events = eventsOf(dossier);
  return {
    code: dossier.code,
    held: held !== undefined,
    outdated: held !== undefined && !isLatest(dossier, held),
    sent: events.length,
    ...walk(events, held?.steps ?? [], sameStep),
  };
};

/** np 2.3: what a portal-born dossier's status says to the portal: 2 accepted, 5 refused or to be mended; newly filed says nothing. */
const FOLDED: Readonly<Record<string, string>> = {
  "2": "2",
  "4": "2",
  "6": "2",
  "9": "2",
  "10": "2",
  "3": "5",
  "7": "5",
  "8": "5",
};

/** The statuses that the province has to tell the portal of a dossier that was filed there, in order. */
const toldOf = ({ steps }: SampleDossier) =>
  steps
    .map((step) => {
      const { status } = "put" in step ? step.put : step.event;
      const code = nationalCode(status);
      return { code: FOLDED[code] ?? code, content: "event" in step ? step.event.content : undefined };
    })
    .filter(({ code }) => code !== "1");

/** A filed dossier is told by statuses alone: each put and each step is one. */
const walkBorn = (dossier: SampleDossier, shown: ShownPortalDossier | undefined): Walked => {
  const told = toldOf(dossier);
  const held = (shown?.statuses ?? []).map(({ data }) => data);
  const walked = walk(
    told,
    held,
    (sent, one) =>
      one.TrangThai === sent.code &&
      one.MaHoSoDonVi === dossier.code &&
      (sent.content === undefined || one.NoiDung === sent.content),
  );
  return {
    code: dossier.code,
    held: held.length > 0,
    outdated: held.length > 0 && walked.found < told.length,
    sent: told.length,
    ...walked,
  };
};

/** Compares what the portal holds with what the sample says was sent. Pure. */
export const compareHeld = (sample: readonly SampleDossier[], shown: ShownPortal): Comparison => {
  const synced = new Map(shown.dossiers.map((dossier) => [dossier.MaHoSo, dossier]));
  const born = new Map(shown.portalDossiers.map((dossier) => [dossier.MaHoSo, dossier]));
  const walks = sample.map((sent) =>
    sent.portalCode === undefined ? walkSynced(sent, synced.get(sent.code)) : walkBorn(sent, born.get(sent.portalCode)),
  );
  const sum = (of: (walked: Walked) => number) => walks.reduce((total, walked) => total + of(walked), 0);
  const codes = (which: (walked: Walked) => boolean) => walks.filter(which).map(({ code }) => code);
  return {
    held: walks.filter(({ held }) => held).length,
    missing: codes(({ held }) => !held),
    outdated: codes(({ outdated }) => outdated),
    stepsSent: sum(({ sent }) => sent),
    stepsHeld: sum(({ found }) => found),
    stepsRepeated: sum(({ repeated }) => repeated),
    stepsMissing: codes(({ found, sent }) => found < sent),
    outOfOrder: codes(({ strange }) => strange > 0),
  };
};
