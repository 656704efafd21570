import type { Operation, PlatformId } from "../../../contracts/adapter.ts";
import { GatewayError } from "../../../contracts/errors.ts";
import type { Boundary, EntryState } from "../../../contracts/ledger.ts";
import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { within } from "../../database/within-boundary.ts";
import { dossierContext, isSubmission } from "../../ledger/open-message.ts";
import type { Sealer } from "../../security/sealing.ts";

/** A failed entry with what it carries. */
export interface CorrectableEntry {
  readonly id: string;
  readonly platform: PlatformId;
  readonly operation: Operation;
  readonly dossierCode: string;
  readonly agency: string;
  /** The payload as it was accepted. */
  readonly payload: unknown;
}

interface Row {
  platform: PlatformId;
  operation: Operation;
  dossier_code: string;
  agency: string;
  payload: Uint8Array;
  state: EntryState;
}

/** @throws GatewayError `not_found` outside the boundary, `conflict` when the entry did not fail. */
export const readCorrectable = async (
  executor: Executor,
  tenant: string,
  boundary: Boundary,
  id: string,
  sealer: Sealer,
): Promise<CorrectableEntry> => {
  const [row] = await rows<Row>(
    executor,
    sql`select e.platform, e.operation, e.dossier_code, e.agency, e.payload, coalesce(s.state, p.state) as state
        from entries e
        left join pending p on p.tenant = e.tenant and p.id = e.id
        left join settled s on s.tenant = e.tenant and s.id = e.id
        where e.tenant = ${tenant} and e.id = ${id}::bigint and e.direction = 'out' and ${within(sql`e.agency`, boundary)}`,
  );
  if (row === undefined) throw new GatewayError("not_found");
  if (row.state !== "failed") {
    throw new GatewayError("conflict", {
      detail: {
        vi: `Chỉ sửa được trao đổi lỗi; trao đổi này ở trạng thái ${row.state}.`,
        en: `Only a failed entry can be corrected; this one is ${row.state}.`,
      },
    });
  }
  const { platform, operation, dossier_code: dossierCode, agency } = row;
  if (operation === "webhook.deliver") {
    // What happened is told as it was recorded, or not at all.
    const detail = { vi: "Thông báo sự kiện không sửa được.", en: "An event is not corrected." };
    throw new GatewayError("conflict", { detail });
  }
  if (isSubmission(operation)) {
    const detail = {
      vi: "Gửi lại nội dung đã sửa; bản lỗi sẽ được thay thế.",
      en: "Send the corrected content again; it takes the failed one's place.",
    };
    throw new GatewayError("conflict", { detail });
  }
  const payload: unknown = JSON.parse(sealer.open(row.payload, dossierContext(tenant, dossierCode)));
  return { id, platform, operation, dossierCode, agency, payload };
};
