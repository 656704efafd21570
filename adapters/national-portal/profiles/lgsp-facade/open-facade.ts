import type { FieldError } from "../../../../contracts/errors.ts";
import type { FacadeConfig } from "../../config.ts";
import type { Dialect } from "../../dialect.ts";
import { openOwnObjects } from "../../own-objects.ts";
import { facadePreview, openFacadeClient } from "./facade-client.ts";
import { FACADE } from "./facade-table.ts";

const NO_STATUS_ADDRESS: FieldError = {
  field: "portalCode",
  code: "no_mapping",
  message: {
    vi: "Chưa khai báo địa chỉ gửi trạng thái hồ sơ phát sinh từ Cổng (NATIONAL_PORTAL_STATUS_URL).",
    en: "No address is configured for the status of portal-born dossiers (NATIONAL_PORTAL_STATUS_URL).",
  },
};

/** Opens shape B, "lgsp-facade" (np 1.2). */
export const openFacade = (config: FacadeConfig): Dialect => ({
  ...openOwnObjects(FACADE, openFacadeClient(config), facadePreview),
  check: (message) =>
    message.operation === "dossier.status" && config.statusUrl === undefined ? [NO_STATUS_ADDRESS] : [],
});
