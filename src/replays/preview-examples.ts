import type { Adapter, Operation, PlatformId, Reading } from "../../contracts/adapter.ts";
import type { ReplayDryRun } from "../../contracts/services/replays.ts";
import type { Language, Text } from "../../contracts/text.ts";
import { type Database, rows } from "../database/database.ts";
import { LOOK_MS, narrowOrRefuse } from "../database/narrow-or-refuse.ts";
import { sql } from "../database/sql.ts";
import { maskWords } from "../ledger/mask.ts";
import { createPlatformCache } from "../ledger/platform-cache.ts";
import type { Sealer } from "../security/sealing.ts";
import { bodyValue, differenceOf } from "./difference.ts";
import { type Carried, openCarried, presentUpdate } from "./present-message.ts";
import { type Selection, selectionKey, selectionOf, selectionTables } from "./selection.ts";

/** What previews are made of. */
export interface PreviewParts {
  readonly database: Database;
  readonly tenant: string;
  readonly sealer: Sealer;
  readonly adapterOf: (platform: PlatformId) => Adapter | undefined;
  /** Opens sealed evidence. */
  readonly openEvidence: (sealed: Uint8Array) => string;
}

/** Examples shown in a dry run. */
const EXAMPLES = 5;
/** Entries they are chosen from: several may be updates of one dossier. */
const LOOKED_AT = 50;

type Example = ReplayDryRun["examples"][number];

interface ExampleRow {
  id: string;
  platform: PlatformId;
  operation: Operation;
  dossier_code: string;
  settled: boolean;
  /** Null once retention erased it. */
  payload: Uint8Array | null;
  erased: boolean;
  sent: Uint8Array | null;
  portal_code: string | null;
  content: Uint8Array | null;
}

const NO_PREVIEW: Text = {
  vi: "Không xem trước được nội dung sẽ gửi: nền tảng chưa được cấu hình hoặc không hỗ trợ.",
  en: "What would be sent cannot be shown: the platform is not configured, or shows nothing before sending.",
};
const NEVER_SENT: Text = { vi: "Chưa từng gửi.", en: "It was never sent." };
const ERASED: Text = {
  vi: "Nội dung đã được xoá vì hết thời hạn lưu, không gửi lại được.",
  en: "Its content was erased when its time of keeping was over: it cannot be sent again.",
};
const SENT_ERASED: Text = {
  vi: "Nội dung đã gửi trước đây đã được xoá vì hết thời hạn lưu.",
  en: "What was sent then was erased when its time of keeping was over.",
};
const CUT: Text = {
  vi: "Bản ghi nội dung đã gửi quá dài nên bị cắt, không so sánh được.",
  en: "The record of what was sent is cut for its length and cannot be compared.",
};

const readExamples = (database: Database, tenant: string, selection: Selection): Promise<ExampleRow[]> =>
  narrowOrRefuse(
    database,
    (executor) =>
      rows<ExampleRow>(
        executor,
        sql`with first as (
          select e.id, ${selectionKey} as key from ${selectionTables}
          where ${selectionOf(tenant, selection)} order by e.id limit ${LOOKED_AT}
        ),
        messages as (select min(id) as id from first group by key order by 1 limit ${EXAMPLES})
        select e.id, e.platform, e.operation, e.dossier_code, s.id is not null as settled, e.payload,
               e.bodies_erased_at is not null as erased,
               d.portal_code, d.content,
               (select a.evidence from attempts a where a.tenant = e.tenant and a.entry_id = e.id and a.kind = 'send'
                  and a.evidence is not null order by a.n desc limit 1) as sent
        from messages m join entries e on e.tenant = ${tenant} and e.id = m.id
        left join settled s on s.tenant = e.tenant and s.id = e.id
        left join dossiers d on d.tenant = e.tenant and d.code = e.dossier_code
        order by e.id`,
      ),
    LOOK_MS,
  );

/** A failed entry goes out as it is; a delivered update as the dossier is now; a delivered step as it was. */
const carriedNow = ({ tenant, sealer }: PreviewParts, row: ExampleRow): Carried | null => {
  if (row.settled && row.operation === "dossier.put" && row.content !== null) {
    return presentUpdate(sealer, tenant, row.dossier_code, { portal_code: row.portal_code, content: row.content });
  }
  return row.payload === null ? null : { operation: row.operation, payload: row.payload };
};

const previewNow = async (parts: PreviewParts, row: ExampleRow, carried: Carried): Promise<Reading<string> | null> => {
  const adapter = parts.adapterOf(row.platform);
  if (adapter?.preview === undefined) return null;
  const entry = { platform: row.platform, dossierCode: row.dossier_code };
  const message = await openCarried(parts.database, parts.tenant, parts.sealer, entry, carried);
  return adapter.preview(message, createPlatformCache(parts.database, parts.tenant, row.platform));
};

const sentThen = (parts: PreviewParts, row: ExampleRow): unknown => {
  if (row.sent === null) return undefined;
  const { request } = JSON.parse(parts.openEvidence(row.sent)) as { request?: string };
  return bodyValue(request ?? "");
};

const compare = (parts: PreviewParts, row: ExampleRow, now: Reading<string> | null, language: Language): Example => {
  const { id } = row;
  if (now === null) return { id, difference: [], problem: NO_PREVIEW[language] };
  if (!now.ok) return { id, difference: [], problem: maskWords(now.fault.message) };
  const then = sentThen(parts, row);
  const today = bodyValue(now.value);
  if (typeof then === "string" && typeof today !== "string") return { id, difference: [], problem: CUT[language] };
  const visible = parts.adapterOf(row.platform)?.publicFields ?? new Set();
  const difference = differenceOf(then, today, visible);
  const unknown = row.erased ? SENT_ERASED : NEVER_SENT;
  return { id, difference, ...(then === undefined && { problem: unknown[language] }) };
};

/** The first few messages of a selection: what was sent then beside what would be sent now. Makes no call. */
export const previewExamples = async (
  parts: PreviewParts,
  selection: Selection,
  language: Language,
): Promise<Example[]> => {
  const examples: Example[] = [];
  for (const row of await readExamples(parts.database, parts.tenant, selection)) {
    const carried = carriedNow(parts, row);
    examples.push(
      carried === null
        ? { id: row.id, difference: [], problem: ERASED[language] }
        : compare(parts, row, await previewNow(parts, row, carried), language),
    );
  }
  return examples;
};
