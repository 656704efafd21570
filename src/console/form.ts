import { GatewayError } from "../../contracts/errors.ts";
import type { AppContext } from "../http/environment.ts";
import { readBytes } from "../http/read-body.ts";

/** The console's forms are a few hundred bytes. */
const MAX_FORM_BYTES = 64 * 1024;

/** The hidden field of every form. */
export const CSRF_FIELD = "csrf";

/** The fields of a posted form. @throws GatewayError `payload_too_large`, `unsupported_media_type` */
export const readForm = async (c: AppContext): Promise<URLSearchParams> => {
  const bytes = await readBytes(c.req.raw, MAX_FORM_BYTES);
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") throw new GatewayError("unsupported_media_type");
  return new URLSearchParams(new TextDecoder().decode(bytes));
};
