import type { Message } from "../../contracts/adapter.ts";
import type { FieldError } from "../../contracts/errors.ts";
import type { Dossier } from "../../contracts/services/dossier.ts";
import type { StatusMap } from "./status-map.ts";

/**
 * Longest texts that the portal takes, in UTF-16 units as its own clients count them (np 2.2, 2.3 and np 6,
 * item 8). What is longer is refused at accept and never cut.
 */
export const LIMITS = { summary: 1000, note: 2000, officerName: 50, fileName: 4000, paperName: 2000 } as const;

const tooLong = (field: string, value: string | undefined, limit: number): FieldError[] => {
  const length = value?.length ?? 0;
  if (length <= limit) return [];
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

const longNames = (list: string, items: Named, limit: number): FieldError[] =>
  (items ?? []).flatMap((item, index) => tooLong(`${list}[${index}].name`, item.name, limit));

const checkDossier = (dossier: Dossier): FieldError[] => [
  ...tooLong("summary", dossier.summary, LIMITS.summary),
  ...tooLong("note", dossier.note, LIMITS.note),
  ...longNames("submittedFiles", dossier.submittedFiles, LIMITS.fileName),
  ...longNames("otherPapers", dossier.otherPapers, LIMITS.paperName),
  ...longNames("results", dossier.results, LIMITS.paperName),
];

/** Pure: what the portal could never be sent, by our own field paths. Empty means that it can be sent. */
export const checkMessage = (message: Message, statusMap: StatusMap): readonly FieldError[] => {
  switch (message.operation) {
    case "dossier.put":
      return [...unmapped(message.dossier.status, statusMap), ...checkDossier(message.dossier)];
    case "dossier.step": {
      const { event } = message;
      return [...unmapped(event.status, statusMap), ...tooLong("officer.name", event.officer.name, LIMITS.officerName)];
    }
    case "dossier.status":
      return unmapped(message.change.status, statusMap);
  }
};
