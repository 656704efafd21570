import { GatewayError } from "../../contracts/errors.ts";
import type { ImportFormat } from "../imports/file-line.ts";
import type { AppContext } from "./environment.ts";

const MEDIA_TYPE = /^(application\/x-ndjson|text\/csv)\s*(;\s*(charset\s*=\s*"?utf-8"?|header\s*=\s*present)\s*)*$/iu;

/** The format of a file of lines, as its headers name it. @throws GatewayError `unsupported_media_type` */
export const uploadFormat = (c: AppContext, allowed: readonly string[]): ImportFormat => {
  const type = MEDIA_TYPE.exec(c.req.header("content-type") ?? "")?.[1]?.toLowerCase();
  const encoding = c.req.header("content-encoding")?.toLowerCase() ?? "identity";
  if (type !== undefined && encoding === "identity") return type === "text/csv" ? "csv" : "jsonl";
  const types = allowed.join(", ");
  throw new GatewayError("unsupported_media_type", {
    detail: {
      vi: `Gửi tệp UTF-8, không nén, với Content-Type là một trong: ${types}.`,
      en: `Send a file in UTF-8, not compressed, with a Content-Type out of: ${types}.`,
    },
  });
};
