import { lastPutOf, type SampleDossier } from "./sample-month.ts";

/** The two procedures whose dossiers are filed at the national portal and pushed to the province (domain section 2.5, C2). */
const NOTICE = "2.000033";
const AMENDMENT = "2.001474";

/** A notice as the simulator is told to push it. */
export interface Notice {
  readonly MaHoSo: string;
  readonly MaTTHC: string;
  readonly TenThuongNhan: string;
  readonly NgayNopHoSo: string;
  readonly amends?: string;
}

const putsOf = ({ steps }: SampleDossier) => steps.flatMap((step) => ("put" in step ? [step.put] : []));

const isBornAtPortal = (dossier: SampleDossier): boolean => {
  const [first] = putsOf(dossier);
  return first?.origin === "national-portal" && (first.procedureCode === NOTICE || first.procedureCode === AMENDMENT);
};

/** The portal's code of a dossier that the sample says came from it: its own agency's (np 4), the rest as the province's. */
const portalCodeOf = (code: string): string => code.replace(/^H\d{2}(\.\d+)*/u, "G22.99");

/** The sample as the province's software knows it once the portal has pushed its part: those dossiers name the portal's code. */
export const withPortalCodes = (sample: readonly SampleDossier[]): SampleDossier[] =>
  sample.map((dossier) => {
    if (!isBornAtPortal(dossier)) return dossier;
    const portalCode = portalCodeOf(dossier.code);
    const steps = dossier.steps.map((step) => ("put" in step ? { ...step, put: { ...step.put, portalCode } } : step));
    return { ...dossier, portalCode, steps };
  });

/** The notices that the portal pushes for these dossiers. An amendment names the first notice of the month. */
export const noticesOf = (sample: readonly SampleDossier[]): Notice[] => {
  const born = sample.filter(({ portalCode }) => portalCode !== undefined);
  const amends = born.find((dossier) => lastPutOf(dossier)?.procedureCode === NOTICE)?.portalCode ?? "";
  return born.flatMap((dossier) => {
    const put = lastPutOf(dossier);
    if (put === undefined || dossier.portalCode === undefined) return [];
    const notice = {
      MaHoSo: dossier.portalCode,
      MaTTHC: put.procedureCode,
      TenThuongNhan: put.applicant.name,
      NgayNopHoSo: put.receivedAt.slice(0, 19).replaceAll(/[-T:]/gu, ""),
    };
    return put.procedureCode === AMENDMENT ? [{ ...notice, amends }] : [notice];
  });
};
