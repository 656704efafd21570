import type { GatewayClient } from "./gateway-client.ts";

/** `accepted = delivered + failed + cancelled + superseded + pending` (design section 6). */
export interface LedgerSums {
  readonly accepted: number;
  readonly delivered: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly superseded: number;
  readonly pending: number;
}

/** An entry that the portal has not got, as far as the demonstration reads it (api section 4). */
export interface UndeliveredEntry {
  readonly id: string;
  readonly operation: string;
  readonly dossierCode?: string;
  readonly state: string;
  readonly blockedBy?: string;
  readonly error?: { readonly code: string; readonly platformCode?: string; readonly detail: string };
}

type SummaryItem = LedgerSums & { readonly direction: string; readonly platform: string };

const PLATFORM = "national-portal";
const UNSETTLED = "queued,sending,waiting,failed,cancelled";
const NOTHING: LedgerSums = { accepted: 0, delivered: 0, failed: 0, cancelled: 0, superseded: 0, pending: 0 };

/** The sums of what this client may see of the ledger towards the national portal. */
export const readSums = async (gateway: GatewayClient): Promise<LedgerSums> => {
  const { items } = await gateway.read<{ items: SummaryItem[] }>("/v1/ledger/summary");
  return items.find(({ direction, platform }) => direction === "out" && platform === PLATFORM) ?? NOTHING;
};

/** The entries of these dossiers that are neither delivered nor superseded: on their way, failed, or given up by a person. */
export const readUndelivered = async (
  gateway: GatewayClient,
  codes: ReadonlySet<string>,
): Promise<UndeliveredEntry[]> => {
  const found: UndeliveredEntry[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const query = new URLSearchParams({ state: UNSETTLED, platform: PLATFORM, limit: "200" });
    if (cursor !== "") query.set("cursor", cursor);
    const page: { items: UndeliveredEntry[]; next: string | null } = await gateway.read(`/v1/ledger?${query}`);
    found.push(...page.items.filter(({ dossierCode }) => codes.has(dossierCode ?? "")));
    cursor = page.next;
  }
  return found;
};

/** An entry that moves no more by itself: failed, behind one that failed, or given up by a person. */
export const atRest = ({ state, blockedBy }: UndeliveredEntry): boolean =>
  state === "failed" || state === "cancelled" || blockedBy !== undefined;

/** How to wait for the ledger. */
export interface WatchOptions {
  readonly pauseMs: number;
  /** Without any movement for so long, there is no more waiting. */
  readonly patienceMs: number;
  readonly wait: (ms: number) => Promise<void>;
  readonly elapsed: () => number;
  readonly onSums: (sums: LedgerSums) => void;
}

/** Waits until nothing of these dossiers is on its way, or until nothing has moved for `patienceMs`. */
export const waitUntilAtRest = async (
  gateway: GatewayClient,
  codes: ReadonlySet<string>,
  { pauseMs, patienceMs, wait, elapsed, onSums }: WatchOptions,
): Promise<LedgerSums> => {
  let before = "";
  let movedAt = elapsed();
  for (;;) {
    const sums = await readSums(gateway);
    onSums(sums);
    if (sums.pending === 0) return sums;
    const now = JSON.stringify(sums);
    if (now !== before) movedAt = elapsed();
    // Standing still: what is left may wait for a person, or belong to somebody else.
    else if ((await readUndelivered(gateway, codes)).every(atRest)) return readSums(gateway);
    if (elapsed() - movedAt > patienceMs) return sums;
    before = now;
    await wait(pauseMs);
  }
};
