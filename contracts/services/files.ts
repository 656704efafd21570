import { z } from "zod";
import type { Text } from "../text.ts";
import { warningSchema } from "./fields.ts";

const moment = z.string().meta({ format: "date-time" });

/** Why a file cannot be had from where the province said it is. */
export const FILE_CAUSES = {
  not_allowed: {
    vi: "Địa chỉ tệp không thuộc nguồn được phép (FILE_SOURCES).",
    en: "The address is none of the sources allowed (FILE_SOURCES).",
  },
  not_found: { vi: "Không tìm thấy tệp tại địa chỉ này.", en: "There is no file at this address." },
  refused: { vi: "Máy chủ tệp từ chối.", en: "The file server refuses it." },
  redirected: { vi: "Máy chủ tệp chuyển hướng.", en: "The file server redirects, which is not followed." },
  forbidden_address: {
    vi: "Tên máy chủ dẫn tới địa chỉ không được phép gọi.",
    en: "The server's name leads to an address that must not be called.",
  },
  unreachable: { vi: "Không kết nối được máy chủ tệp.", en: "The file server cannot be reached." },
  timeout: { vi: "Máy chủ tệp không trả lời kịp.", en: "The file server did not answer in time." },
  too_large: { vi: "Tệp lớn hơn mức cho phép.", en: "The file is larger than allowed." },
  upstream_error: { vi: "Máy chủ tệp báo lỗi.", en: "The file server reports a fault." },
  malformed: { vi: "Trả lời của máy chủ tệp không đọc được.", en: "The file server's answer cannot be read." },
} as const satisfies Record<string, Text>;

/** One reason why a file cannot be had. */
export type FileCause = keyof typeof FILE_CAUSES;

/** What is wrong with a file that is served all the same. */
export const FILE_WARNINGS = {
  file_source_not_allowed: {
    vi: "Địa chỉ tệp không thuộc nguồn được phép (FILE_SOURCES); Cổng quốc gia chưa mở được tệp này.",
    en: "The address is none of the sources allowed (FILE_SOURCES); until it is, the portal cannot open this file.",
  },
  file_unreachable: { vi: "Không đọc được tệp.", en: "The file could not be read." },
  file_type_mismatch: {
    vi: "Nội dung tệp không đúng với đuôi tên tệp.",
    en: "The file's bytes are of another type than its name says.",
  },
} as const satisfies Record<string, Text>;

/** 201 of `POST /v1/files`. `url` may stand wherever a dossier takes the address of a file. */
export const uploadedFileSchema = z
  .strictObject({
    id: z.string().meta({ example: "file_0f8fad5bd9cb469fa16570867728950e" }),
    url: z.string(),
    /** In bytes. */
    size: z.int().min(0),
    sha256: z.string().meta({ description: "Of the bytes, in lower-case hexadecimal." }),
    type: z.string().meta({ description: "Media type, by the bytes and not by the name." }),
    name: z.string(),
  })
  .meta({ id: "UploadedFile" });

/** A file that was sent to be kept. */
export type UploadedFile = z.infer<typeof uploadedFileSchema>;

/** Why a link opens no more: a person took it back, or the dossier marked the file as deleted, or has it no more. */
export const REVOCATIONS = ["person", "deleted", "replaced"] as const;

/** One link under which the portal opens a file of a dossier. The link itself is shown to the portal alone. */
export const fileLinkSchema = z
  .strictObject({
    id: z.string().meta({ example: "link_0f8fad5bd9cb469fa16570867728950e" }),
    dossierCode: z.string(),
    name: z.string(),
    /** `address`: read from the province's own server when the portal asks; `upload`: kept here. */
    origin: z.enum(["address", "upload"]),
    createdAt: moment,
    /** Absent while nobody looked. */
    reachable: z.boolean().optional(),
    checkedAt: moment.optional(),
    cause: z.enum(Object.keys(FILE_CAUSES) as [FileCause, ...FileCause[]]).optional(),
    /** As last seen. */
    type: z.string().optional(),
    size: z.int().min(0).optional(),
    revokedAt: moment.optional(),
    revokedBecause: z.enum(REVOCATIONS).optional(),
    warnings: z.array(warningSchema),
  })
  .meta({ id: "FileLink" });

/** One link. */
export type FileLinkView = z.infer<typeof fileLinkSchema>;

/** What `GET` and `DELETE /v1/files/{id}` answer: an upload by `file_...`, a link by `link_...`. */
export const fileSchema = z.union([uploadedFileSchema, fileLinkSchema]);

/** A page of links, newest first. */
export const fileLinkPageSchema = z
  .strictObject({ items: z.array(fileLinkSchema), next: z.string().nullable() })
  .meta({ id: "FileLinkPage" });
