import type { PlatformId } from "../../contracts/adapter.ts";
import { ERRORS, type ErrorCode } from "../../contracts/errors.ts";
import type { EntryState } from "../../contracts/ledger.ts";
import type { EntryView } from "../../contracts/services/ledger.ts";
import type { Hold } from "../../contracts/services/platforms.ts";
import type { Language } from "../../contracts/text.ts";
import { isoMoment } from "../database/database.ts";

/** One row of the entry query. */
export interface EntryRow {
  id: string;
  direction: EntryView["direction"];
  platform: EntryView["platform"];
  operation: EntryView["operation"];
  subject: string;
  dossier_code: string | null;
  client: string;
  state: EntryState;
  priority: number;
  attempts: number;
  accepted_at: string;
  next_at: string | null;
  settled_at: string | null;
  superseded_by: string | null;
  replay_of: string | null;
  blocked_by: string | null;
  correlation_id: string;
  error_code: ErrorCode | null;
  platform_code: string | null;
  error_message: Uint8Array | null;
}

/** What a view needs besides the row. */
export interface ViewSurroundings {
  readonly language: Language;
  /** Null when it cannot be opened any more. */
  readonly openText: (sealed: Uint8Array) => string | null;
  /** Hides what may identify a person in a platform's words. */
  readonly maskText: (words: string) => string;
  /** The platforms that hold their entries now, and why. */
  readonly holds: ReadonlyMap<PlatformId, Hold>;
}

const errorView = (row: EntryRow, { language, openText, maskText }: ViewSurroundings): EntryView["error"] => {
  if (row.error_code === null) return undefined;
  const { title, remedy, retry } = ERRORS[row.error_code];
  const words = row.error_message && openText(row.error_message);
  return {
    code: row.error_code,
    ...(row.platform_code !== null && { platformCode: row.platform_code }),
    title: title[language],
    detail: words === null ? title[language] : maskText(words),
    remedy: remedy[language],
    retry,
  };
};

/** A row as a caller sees it. */
export const entryView = (row: EntryRow, surroundings: ViewSurroundings): EntryView => {
  const error = errorView(row, surroundings);
  const unsent = row.state === "queued" || row.state === "waiting";
  const held = unsent ? surroundings.holds.get(row.platform) : undefined;
  return {
    id: row.id,
    direction: row.direction,
    platform: row.platform,
    operation: row.operation,
    subject: row.subject,
    ...(row.dossier_code !== null && { dossierCode: row.dossier_code }),
    client: row.client,
    state: row.state,
    ...(held && { held }),
    ...(row.blocked_by !== null && { blockedBy: row.blocked_by }),
    priority: row.priority,
    attempts: row.attempts,
    acceptedAt: isoMoment(row.accepted_at),
    ...(row.next_at !== null && { nextAttemptAt: isoMoment(row.next_at) }),
    ...(row.settled_at !== null && { settledAt: isoMoment(row.settled_at) }),
    ...(row.superseded_by !== null && { supersededBy: row.superseded_by }),
    ...(row.replay_of !== null && { replayOf: row.replay_of }),
    correlationId: row.correlation_id,
    ...(error && { error }),
  };
};
