import { type Executor, rows, textArray } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { countFetched, lockFetch } from "../fetch/claim-fetch.ts";
import type { FetchParts } from "../fetch/fetch-parts.ts";
import type { SortedRows } from "../fetch/note-rows.ts";
import { recorder } from "../receive-push.ts";
import { takeQuestion } from "./take-question.ts";

/** What is known of these questions: the most of a list is what it was a minute before. */
const fingerprintsOf = async (
  executor: Executor,
  tenant: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const found = await rows<{ id: string; fingerprint: string }>(
    executor,
    sql`select id, fingerprint from portal_questions
        where tenant = ${tenant} and id = any(${textArray(ids)}::text[]) and fingerprint is not null`,
  );
  return new Map(found.map(({ id, fingerprint }) => [id, fingerprint]));
};

/** Takes the questions of a list, each in a transaction of its own. */
export const takeQuestions = async (
  { database, inbound }: FetchParts,
  fence: string,
  read: SortedRows["read"],
): Promise<"taken" | "lost"> => {
  const { tenant } = inbound;
  const before = await fingerprintsOf(
    database,
    tenant,
    read.flatMap(({ push }) => (push.kind === "question" ? [push.id] : [])),
  );
  for (const { push, body } of read) {
    if (push.kind !== "question") continue;
    const known = before.get(push.id);
    if (known !== undefined && inbound.fingerprints.matches(known, push)) continue;
    const isOurs = await database.transaction(async (executor) => {
      if (!(await lockFetch(executor, tenant, fence))) return false;
      const correlationId = crypto.randomUUID();
      const record = recorder(executor, inbound, { call: "LayDanhSachHoiDapGuiTuDVCQG", body, correlationId });
      const taking = { record, correlationId, now: inbound.now(), insisted: false };
      const taken = await takeQuestion(executor, inbound, push, taking);
      if (taken.kind !== "taken") return true;
      await inbound.tell(executor, taken.events);
      await countFetched(executor, tenant, { received: 1 });
      return true;
    });
    if (!isOurs) return "lost";
  }
  return "taken";
};
