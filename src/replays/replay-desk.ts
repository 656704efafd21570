import type { Operation } from "../../contracts/adapter.ts";
import { GatewayError } from "../../contracts/errors.ts";
import type { Boundary } from "../../contracts/ledger.ts";
import {
  REPLAY_DEFAULTS,
  type ReplayDryRun,
  type ReplayRequest,
  type ReplayView,
} from "../../contracts/services/replays.ts";
import type { Language } from "../../contracts/text.ts";
import { type Executor, rows } from "../database/database.ts";
import { LOOK_MS, narrowOrRefuse } from "../database/narrow-or-refuse.ts";
import { sql } from "../database/sql.ts";
import { type Actor, evidenceContext } from "../ledger/ledger-desk.ts";
import { recordAct } from "../security/audit.ts";
import { countSelection } from "./count-selection.ts";
import { insertReplay } from "./insert-replay.ts";
import { type PreviewParts, previewExamples } from "./preview-examples.ts";
import { readReplay } from "./read-replay.ts";
import type { Selection } from "./selection.ts";

/** What a person can do to a replay on its way. */
export type ReplayAct = "pause" | "resume" | "stop";

/** What people see and do about replays (api section 4). */
export interface ReplayDesk {
  /** Counts and compares; changes nothing and makes no call. @throws GatewayError `invalid_request`: too much to be counted */
  dryRun(boundary: Boundary, request: ReplayRequest, language: Language): Promise<ReplayDryRun>;
  /** Records a replay in the caller's transaction; the runner does it. */
  start(executor: Executor, boundary: Boundary, request: ReplayRequest, actor: Actor): Promise<ReplayView>;
  read(boundary: Boundary, id: string): Promise<ReplayView | null>;
  /** The same act again changes nothing. What was sent before a pause or stop goes on its way. @throws GatewayError `not_found`, `conflict` */
  act(executor: Executor, boundary: Boundary, id: string, act: ReplayAct, actor: Actor): Promise<ReplayView>;
}

/** What the desk is made of. */
export interface ReplayDeskParts extends PreviewParts {
  readonly repeating: readonly Operation[];
}

/** The state each act leads to, and those it leads from. */
const ACTS = {
  pause: { to: "paused", from: ["running"] },
  resume: { to: "running", from: ["paused"] },
  stop: { to: "stopped", from: ["running", "paused"] },
} as const satisfies Record<ReplayAct, { to: string; from: readonly string[] }>;

const over = (state: string): GatewayError =>
  new GatewayError("conflict", {
    detail: {
      vi: `Không thực hiện được khi đợt gửi lại ở trạng thái ${state}.`,
      en: `This cannot be done to a replay that is ${state}.`,
    },
  });

/** The desk over one database. */
export const createReplayDesk = (parts: ReplayDeskParts): ReplayDesk => {
  const { database, tenant, sealer, repeating, openEvidence } = parts;
  const selectionOf = (boundary: Boundary, { filter, group, allowRepeats }: ReplayRequest): Selection => ({
    boundary,
    filter,
    group,
    allowRepeats: allowRepeats ?? false,
    repeating,
  });
  const find = async (executor: Executor, boundary: Boundary, id: string): Promise<ReplayView> => {
    const replay = await readReplay(executor, tenant, boundary, id, openEvidence);
    if (replay === null) throw new GatewayError("not_found");
    return replay;
  };
  return {
    dryRun: async (boundary, request, language) => {
      const selection = selectionOf(boundary, request);
      const counted = await narrowOrRefuse(
        database,
        (executor) => countSelection(executor, tenant, selection),
        LOOK_MS,
      );
      return { ...counted, examples: await previewExamples(parts, selection, language) };
    },
    start: async (executor, boundary, request, actor) => {
      const selection = selectionOf(boundary, request);
      const id = await insertReplay(executor, tenant, {
        selection,
        canary: request.canary ?? REPLAY_DEFAULTS.canary,
        ratePerSecond: request.ratePerSecond ?? REPLAY_DEFAULTS.ratePerSecond,
        stopAtFailureShare: request.stopAtFailureShare ?? REPLAY_DEFAULTS.stopAtFailureShare,
        reason: sealer.seal(request.reason ?? "", evidenceContext(tenant)),
        actor,
      });
      const detail = { allowRepeats: selection.allowRepeats, group: request.group ?? null };
      await recordAct(executor, tenant, { ...actor, action: "replay.start", subject: id, detail });
      return find(executor, boundary, id);
    },
    read: (boundary, id) => readReplay(database, tenant, boundary, id, openEvidence),
    act: async (executor, boundary, id, act, actor) => {
      const { to, from } = ACTS[act];
      const before = await find(executor, boundary, id);
      const changed = await rows(
        executor,
        sql`update replays set state = ${to}, stop_cause = ${act === "stop" ? "operator" : null}, next_at = now()
            where tenant = ${tenant} and id = ${id}::bigint and state = any(${`{${from.join(",")}}`}::text[]) returning id`,
      );
      const after = await find(executor, boundary, id);
      if (changed.length === 0 && after.state !== to) throw over(after.state);
      const detail = { before: before.state };
      await recordAct(executor, tenant, { ...actor, action: `replay.${act}`, subject: id, detail });
      return after;
    },
  };
};
