import type { FieldError } from "../../contracts/errors.ts";
import type { Dossier } from "../../contracts/services/dossier.ts";
import type { DossierMessage, Limits, ProfileTable } from "./profile.ts";
import type { StatusMap } from "./status-map.ts";

const tooLong = (field: string, value: string | undefined, limit: number | undefined): FieldError[] => {
  const length = value?.length ?? 0;
  if (limit === undefined || length <= limit) return [];
  return [
    {
      field,
      code: "profile_limit",
      message: {
        vi: `Dài ${length} ký tự; Cổng Dịch vụ công quốc gia chỉ nhận tối đa ${limit}.`,
        en: `${length} characters long; the national portal takes at most ${limit}.`,
      },
    },
  ];
};

const unmapped = (status: Dossier["status"], statusMap: StatusMap): FieldError[] =>
  statusMap[status] !== null
    ? []
    : [
        {
          field: "status",
          code: "no_mapping",
          message: {
            vi: `Trạng thái "${status}" chưa có ánh xạ sang mã quốc gia.`,
            en: `The status "${status}" has no mapping to a national code.`,
          },
        },
      ];

type Named = readonly { readonly name: string }[] | undefined;

const longNames = (list: string, items: Named, limit: number | undefined): FieldError[] =>
  (items ?? []).flatMap((item, index) => tooLong(`${list}[${index}].name`, item.name, limit));

const uncodedApplicant = ({ applicant }: Dossier, { applicantType, name }: ProfileTable): FieldError[] =>
  applicantType[applicant.type] !== null
    ? []
    : [
        {
          field: "applicant.type",
          code: "no_mapping",
          message: {
            vi: `Giao thức "${name}" không có mã cho loại đối tượng "${applicant.type}".`,
            en: `The profile "${name}" has no code for the applicant type "${applicant.type}".`,
          },
        },
      ];

/** Papers of supplements, where the profile has them at all. */
const longSupplements = ({ supplements = [] }: Dossier, { limits, notCarried }: ProfileTable): FieldError[] =>
  notCarried.includes("supplements")
    ? []
    : supplements.flatMap(({ papers }, i) => longNames(`supplements[${i}].papers`, papers, limits.fileName));

const longTexts = (dossier: Dossier, limits: Limits): FieldError[] => [
  ...tooLong("summary", dossier.summary, limits.summary),
  ...tooLong("note", dossier.note, limits.note),
  ...longNames("submittedFiles", dossier.submittedFiles, limits.fileName),
  ...longNames("otherPapers", dossier.otherPapers, limits.paperName),
  ...longNames("results", dossier.results, limits.paperName),
];

/** Operations of other platforms. */
const NOT_FOR_THE_PORTAL: FieldError = {
  field: "operation",
  code: "not_allowed",
  message: { vi: "Không gửi tới Cổng Dịch vụ công quốc gia.", en: "This is not sent to the national portal." },
};

/**
 * Pure: what the portal could never be sent in this profile, by our own field paths. Empty means that it can be sent.
 * What is too long is refused and never cut.
 */
export const checkMessage = (
  message: DossierMessage,
  statusMap: StatusMap,
  profile: ProfileTable,
): readonly FieldError[] => {
  switch (message.operation) {
    case "dossier.put": {
      const { dossier } = message;
      const uncoded = [...unmapped(dossier.status, statusMap), ...uncodedApplicant(dossier, profile)];
      return [...uncoded, ...longTexts(dossier, profile.limits), ...longSupplements(dossier, profile)];
    }
    case "dossier.step": {
      const { status, officer } = message.event;
      return [...unmapped(status, statusMap), ...tooLong("officer.name", officer.name, profile.limits.officerName)];
    }
    case "dossier.status":
      return unmapped(message.change.status, statusMap);
    default:
      return [NOT_FOR_THE_PORTAL];
  }
};
