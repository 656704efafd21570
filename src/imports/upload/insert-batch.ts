import { GatewayError } from "../../../contracts/errors.ts";
import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import type { Upload } from "./open-upload.ts";

/** What an upload is told whose import was deleted meanwhile, or is being sent anew by somebody else. */
export const uploadOverrun = (): GatewayError =>
  new GatewayError("conflict", {
    detail: {
      vi: "Đợt nạp đã bị xoá, hoặc tệp đang được gửi lại bằng cùng Idempotency-Key.",
      en: "The import was deleted, or its file is being sent anew under the same Idempotency-Key.",
    },
  });

/** Stores some lines of a file, and counts them. @throws GatewayError `conflict` */
export const insertBatch = async (
  executor: Executor,
  tenant: string,
  { id, upload }: Upload,
  batch: { readonly first: number; readonly lines: number; readonly content: Uint8Array },
): Promise<void> => {
  const stored = await rows(
    executor,
    sql`with ours as (
          update imports set lines = lines + ${batch.lines}, heard_at = now()
          where tenant = ${tenant} and id = ${id}::bigint and upload = ${upload} and state = 'incomplete' returning id
        )
        insert into import_batches (tenant, import_id, upload, first, lines, content)
        select ${tenant}, id, ${upload}, ${batch.first}, ${batch.lines}, ${batch.content} from ours returning first`,
  );
  if (stored.length === 0) throw uploadOverrun();
};
