import { vietnamDate } from "../../contracts/identifiers/vietnam-date.ts";
import { splitDossierCode } from "../../contracts/identifiers.ts";
import type { Dossier } from "../../contracts/services/dossier.ts";
import { mayFollow } from "../../contracts/services/life-cycle.ts";
import { asksForSupplement, type StoredLife, supplementsAfterPut } from "./facts.ts";
import { FINDINGS, type Finding } from "./finding.ts";
import type { Rulebook } from "./rulebook/rulebook.ts";

const transition = (dossier: Dossier, stored: StoredLife | undefined, { policy }: Rulebook): Finding[] => {
  if (stored === undefined) {
    return dossier.status === "submitted" && dossier.channel !== "online" ? [FINDINGS.start()] : [];
  }
  const usual = mayFollow(stored.status, dossier.status, policy.refusalAfterReview);
  return usual ? [] : [FINDINGS.transition(stored.status, dossier.status)];
};

const AFTER_RECEIPT = ["finishedAt", "returnedAt", "refusedAt"] as const;

const moments = (dossier: Dossier): Finding[] => {
  const receivedAt = Date.parse(dossier.receivedAt);
  return AFTER_RECEIPT.filter((field) => {
    const moment = dossier[field];
    return moment !== undefined && Date.parse(moment) < receivedAt;
  }).map(FINDINGS.beforeReceipt);
};

const supplements = (dossier: Dossier, stored: StoredLife | undefined): Finding[] => {
  const before = stored?.facts.supplements ?? 0;
  const after = supplementsAfterPut(stored, dossier);
  if (after < 2 || after === before) return [];
  return [FINDINGS.repeatedSupplement(asksForSupplement(stored, dossier.status) ? "status" : "supplements")];
};

const reason = (dossier: Dossier, stored: StoredLife | undefined): Finding[] => {
  const refused = dossier.status === "not-accepted" && stored?.status !== "not-accepted";
  return refused && dossier.returnNote === undefined && dossier.note === undefined
    ? [FINDINGS.reason("returnNote")]
    : [];
};

/** A dossier keeps the codes of the day it was received; only a later one has to use the successor's (domain section 3.5). */
const agencies = (code: string, dossier: Dossier, { agencies: register }: Rulebook): Finding[] => {
  const day = vietnamDate(new Date(dossier.receivedAt));
  const named = [
    { field: "code", agency: splitDossierCode(code)?.agency },
    { field: "processingUnit.code", agency: dossier.processingUnit.code },
  ];
  return named.flatMap(({ field, agency }) => {
    const fault = agency === undefined ? null : register.faultOf(agency, day);
    return fault === null ? [] : [FINDINGS.agency(field, fault)];
  });
};

/** Pure: which rules of the life cycle a put breaks (domain sections 2.1, 3.2 and 3.5). */
export const judgePut = (
  code: string,
  dossier: Dossier,
  stored: StoredLife | undefined,
  rulebook: Rulebook,
): Finding[] => [
  ...transition(dossier, stored, rulebook),
  ...moments(dossier),
  ...supplements(dossier, stored),
  ...reason(dossier, stored),
  ...agencies(code, dossier, rulebook),
];
