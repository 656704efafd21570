import { GatewayError } from "../../contracts/errors.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { settleParked } from "./append-inbound.ts";
import { takeUpAgain } from "./fetch/note-rows.ts";
import type { InboundParts } from "./inbound-parts.ts";
import { readBody } from "./keep-files.ts";
import { readingOf } from "./read-body.ts";
import { type InboundNote, noteContext, takePush } from "./receive-push.ts";
import type { Taking } from "./taken.ts";
import { understand } from "./understand.ts";

const erased = (): GatewayError =>
  new GatewayError("conflict", {
    detail: {
      vi: "Nội dung thông điệp đã được xoá theo thời hạn lưu.",
      en: "Retention erased the bytes of this message.",
    },
  });

/**
 * Reads a parked message once more, in the caller's transaction: since then the gateway may have learnt to, or a person wants
 * it taken although another of its code was. What still cannot be read stays parked; a listed dossier is settled when its files
 * are there too.
 *
 * @throws GatewayError `conflict` when its bytes are erased.
 */
export const rereadParked = async (executor: Executor, parts: InboundParts, id: string): Promise<void> => {
  const { tenant, sealer } = parts;
  const [row] = await rows<{ payload: Uint8Array | null; correlation_id: string }>(
    executor,
    sql`select payload, correlation_id from entries where tenant = ${tenant} and id = ${id}::bigint and direction = 'in'`,
  );
  if (row === undefined || row.payload === null) throw erased();
  const note = JSON.parse(sealer.open(row.payload, noteContext(tenant))) as InboundNote;
  const bytes = await readBody(executor, parts, id, note.size);
  const understood = await understand(parts, note.call, readingOf(bytes));
  if (!understood.ok) return;
  const { push } = understood.prepared;
  if (note.call === "laydanhsachhoso" && push.kind === "dossier") {
    if (!(await takeUpAgain(executor, parts, push, { id, bytes }))) await settleParked(executor, tenant, id);
    return;
  }
  const record: Taking["record"] = async () => {
    if (!(await settleParked(executor, tenant, id))) throw new GatewayError("conflict");
    return id;
  };
  const taking = { record, correlationId: row.correlation_id, now: parts.now(), insisted: true };
  const taken = await takePush(executor, parts, understood.prepared, taking);
  if (taken.kind === "taken") await parts.tell(executor, taken.events);
  // All of it was told in another message meanwhile.
  else await settleParked(executor, tenant, id);
};
