import type { FieldError } from "../../contracts/errors.ts";
import type { Dossier } from "../../contracts/services/dossier.ts";
import type { ProcedurePolicy } from "../../contracts/services/procedures.ts";
import { acknowledgementAddress } from "./acknowledgement/address.ts";
import type { KnownProcedure } from "./procedure-book.ts";

/** What the procedure said of a dossier when it was last put. It stands in the dossier's own row, for reports. */
export interface ProcedureFacts {
  /** The platform's code of the procedure. */
  readonly code: string;
  readonly policy: ProcedurePolicy;
  readonly noResult: boolean;
  /** A submitted file is there. */
  readonly components: boolean;
  /** A result with its file is there, as put: what a policy adds does not count. */
  readonly result: boolean;
  /** A policy attached its acknowledgement. */
  readonly acknowledged: boolean;
}

/** What becomes of a put by its procedure's policy (domain section 2.6). */
export interface PutPlan {
  readonly isSent: boolean;
  /** What is sent in the place of what was put; absent: the same. */
  readonly sends?: Dossier;
  readonly facts: ProcedureFacts;
  readonly advice: readonly FieldError[];
}

/** Nothing is acknowledged before it was received, or when it was not. */
const UNRECEIVED: readonly Dossier["status"][] = ["submitted", "not-accepted"];

/** The id of the acknowledgement among a dossier's results. */
export const ACKNOWLEDGEMENT_ID = "acknowledgement";

const NOT_SENT: FieldError = {
  field: "procedureCode",
  code: "not_synced_by_policy",
  message: {
    vi: "Hồ sơ được ghi nhận nhưng không đồng bộ: thủ tục có chính sách không đồng bộ.",
    en: "The dossier is recorded and not sent: its procedure's policy is not to sync it.",
  },
};

const markDigitised = (dossier: Dossier): Dossier => ({
  ...dossier,
  hasDigitisedComponents: true,
  ...(dossier.submittedFiles && {
    submittedFiles: dossier.submittedFiles.map((file) => (file.deleted === true ? file : { ...file, digitised: true })),
  }),
});

const acknowledge = (code: string, dossier: Dossier, decision: string): Dossier => ({
  ...dossier,
  results: [
    {
      id: ACKNOWLEDGEMENT_ID,
      name: "Giấy xác nhận đã tiếp nhận hồ sơ",
      url: acknowledgementAddress(code, decision),
    },
  ],
});

const isAcknowledged = ({ status, results = [] }: Dossier): boolean =>
  results.length === 0 && !UNRECEIVED.includes(status);

const underPolicy = (code: string, dossier: Dossier, { policy, decision }: KnownProcedure): Dossier => {
  if (policy === "mark-digitised") return markDigitised(dossier);
  if (policy === "auto-acknowledgement" && isAcknowledged(dossier)) return acknowledge(code, dossier, decision ?? "");
  return dossier;
};

/**
 * Pure: what of a put goes out. Under the platform's own code of the procedure; with what the policy adds. Nothing that the
 * province did not say is made up but what a decision orders: `exclude-by-metadata` and `none` send what was put.
 *
 * @param isBorn the dossier was born on the portal: its status is told there whatever the policy, since a citizen waits for it.
 */
export const planPut = (code: string, dossier: Dossier, procedure: KnownProcedure, isBorn: boolean): PutPlan => {
  const { platformCode, policy, version } = procedure;
  const { submittedFiles = [], results = [] } = dossier;
  const facts: ProcedureFacts = {
    code: platformCode,
    policy,
    noResult: version?.hasNoResult ?? false,
    components: submittedFiles.some(({ deleted }) => deleted !== true),
    result: results.length > 0,
    acknowledged: policy === "auto-acknowledgement" && isAcknowledged(dossier),
  };
  if (isBorn) return { isSent: true, facts: { ...facts, acknowledged: false }, advice: [] };
  if (policy === "do-not-sync") return { isSent: false, facts, advice: [NOT_SENT] };
  const treated = underPolicy(code, dossier, procedure);
  const sends = platformCode === dossier.procedureCode ? treated : { ...treated, procedureCode: platformCode };
  return { isSent: true, ...(sends !== dossier && { sends }), facts, advice: [] };
};

/** Pure: whether a step stays here: its procedure is not synced, or the dossier it belongs to never was. */
export const keepsStep = (procedure: KnownProcedure, stored: ProcedureFacts | null, wasSent: boolean): boolean =>
  procedure.policy === "do-not-sync" || (stored?.policy === "do-not-sync" && !wasSent);

/** What the caller of such a step is told. */
export const STEP_NOT_SENT: FieldError = {
  field: "",
  code: "not_synced_by_policy",
  message: {
    vi: "Bước được ghi nhận nhưng không đồng bộ theo chính sách của thủ tục; khi chính sách đổi, hãy gửi lại hồ sơ trước.",
    en: "The step is recorded and not sent, by its procedure's policy; once that changes, put the dossier again first.",
  },
};
