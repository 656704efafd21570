import type { FieldError } from "../../contracts/errors.ts";
import type { Dossier } from "../../contracts/services/dossier.ts";
import { FILE_WARNINGS } from "../../contracts/services/files.ts";
import { type FileSourcePrefix, isAllowedSource } from "./file-sources.ts";
import type { LinkCodec } from "./link-codec.ts";

/** What of a dossier's files the portal will not be able to open. Pure; nothing while `FILE_SOURCES` is unset. */
export const adviseFiles = (
  { submittedFiles = [], results = [], supplements = [] }: Dossier,
  sources: readonly FileSourcePrefix[],
  codec: LinkCodec,
): FieldError[] => {
  if (sources.length === 0) return [];
  const faults = (list: string, files: readonly { url: string; deleted?: boolean | undefined }[]): FieldError[] =>
    files.flatMap(({ url, deleted }, index) =>
      deleted === true || codec.uploadIn(url) !== null || isAllowedSource(url, sources)
        ? []
        : [
            {
              field: `${list}[${index}].url`,
              code: "file_source_not_allowed",
              message: FILE_WARNINGS.file_source_not_allowed,
            },
          ],
    );
  return [
    ...faults("submittedFiles", submittedFiles),
    ...faults("results", results),
    ...supplements.flatMap(({ papers = [] }, index) => faults(`supplements[${index}].papers`, papers)),
  ];
};
