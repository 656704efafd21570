import type { FieldError } from "../../contracts/errors.ts";
import type { Dossier } from "../../contracts/services/dossier.ts";
import type { DossierMessage, ProfileTable } from "./profile.ts";

const isGiven = (value: unknown): boolean =>
  value !== undefined && value !== false && value !== "none" && !(Array.isArray(value) && value.length === 0);

const notCarried = (dossier: Dossier, { name, notCarried: fields }: ProfileTable): FieldError[] => {
  const lost = fields.filter((field) => isGiven(dossier[field])).join(", ");
  if (lost === "") return [];
  return [
    {
      field: lost,
      code: "not_carried",
      message: {
        vi: `Giao thức "${name}" không có trường cho các nội dung này; Cổng Dịch vụ công quốc gia không nhận được chúng.`,
        en: `The profile "${name}" has no fields for these; the national portal will not see them.`,
      },
    },
  ];
};

const partialUpdate = (known: boolean, { name, updateCarries }: ProfileTable): FieldError[] => {
  if (!known || updateCarries === "all") return [];
  const carried = updateCarries.join(", ");
  return [
    {
      field: "",
      code: "update_is_partial",
      message: {
        vi: `Hồ sơ đã gửi trước đó; giao thức "${name}" chỉ cập nhật được: ${carried}.`,
        en: `The dossier was put before; the profile "${name}" can update only: ${carried}.`,
      },
    },
  ];
};

const FILE_LISTS = ["submittedFiles", "results"] as const;

const unsentFiles = (dossier: Dossier, { files: way, name }: ProfileTable, files: boolean): FieldError[] => {
  if (way === "addresses" || files) return [];
  return FILE_LISTS.filter((list) => isGiven(dossier[list])).map((field) => ({
    field,
    code: "files_not_sent",
    message: {
      vi: `Giao thức "${name}" chỉ nhận nội dung tệp, mà hệ thống này chưa đọc được tệp; hồ sơ được gửi không kèm tệp.`,
      en: `The profile "${name}" takes the bytes of files, which this deployment cannot read; the dossier goes without.`,
    },
  }));
};

/** Pure: what of a dossier that can be sent will not reach the portal in this profile (np 1.3, 3.6). */
export const adviseOn = (message: DossierMessage, profile: ProfileTable, files: boolean): readonly FieldError[] =>
  message.operation === "dossier.put"
    ? [
        ...notCarried(message.dossier, profile),
        ...partialUpdate(message.known, profile),
        ...unsentFiles(message.dossier, profile, files),
      ]
    : [];
