import { setTimeout as delay } from "node:timers/promises";
import type { DossierAccepted } from "../../contracts/services/dossier-views.ts";
import type { EntryDetail, EntryView } from "../../contracts/services/ledger.ts";
import type { FaultRule } from "../../mocks/national-portal/faults.ts";
import { dossierBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf } from "./api-scene.ts";

/** A page of entries. */
export interface EntryPage {
  readonly items: EntryView[];
  readonly next: string | null;
}

/** Settings under which a waiting entry stays waiting while it is looked at. */
export const PATIENT = { NATIONAL_PORTAL_RETRY_BASE_MS: "600000", NATIONAL_PORTAL_RETRY_MAX_MS: "600000" };

/** A readable no to the next dossier. */
export const REFUSAL = { fault: "error-body", service: "DongBoHoSoMC", code: "3", message: "Thiếu trường" } as const;

const UNAVAILABLE: FaultRule = { fault: "http-status", service: "DongBoHoSoMC", status: 503 };

/** The calls that tests of the ledger make again and again; every put is of a new dossier. */
export const ledgerCalls = (scene: () => ApiScene) => {
  let number = 0;
  const put = async (parts: Record<string, unknown> = {}): Promise<string> => {
    const path = `/v1/dossiers/${codeOf(++number)}`;
    const { body } = await scene().call<DossierAccepted>("PUT", path, dossierBody(parts));
    return body.exchanges[0]?.id ?? "";
  };
  const read = async (id: string) => (await scene().call<EntryDetail>("GET", `/v1/ledger/${id}`)).body;
  const list = async (query: string) => (await scene().call<EntryPage>("GET", `/v1/ledger?${query}`)).body.items;

  /** Looks until the entry is in this state; it is a matter of milliseconds. */
  const until = async (id: string, state: EntryView["state"]): Promise<EntryDetail> => {
    for (const end = Date.now() + 10_000; Date.now() < end; await delay(10)) {
      const entry = await read(id);
      if (entry.state === state) return entry;
    }
    throw new Error(`entry ${id} did not become ${state}`);
  };

  const putUnder = async (rule: FaultRule, state: EntryView["state"]): Promise<string> => {
    scene().portal.dial.set({ ...rule, times: 1 });
    const id = await put();
    await until(id, state);
    return id;
  };

  return {
    put,
    read,
    list,
    until,
    /** The code of the dossier put last. */
    lastCode: () => codeOf(number),
    retry: (id: string) => scene().call<EntryView>("POST", `/v1/ledger/${id}/retry`),
    cancel: (id: string, reason = "nhầm hồ sơ") =>
      scene().call<EntryView>("POST", `/v1/ledger/${id}/cancel`, { reason }),
    failedPut: () => putUnder(REFUSAL, "failed"),
    waitingPut: () => putUnder(UNAVAILABLE, "waiting"),
    /** Stops the dispatcher, so that it stays queued. */
    queuedPut: async (): Promise<string> => {
      await scene().stopDispatch();
      return put();
    },
    /** Ends a test: what it left queued must not meet the next one's dial. */
    calmDown: async (): Promise<void> => {
      scene().portal.dial.clear();
      scene().startDispatch();
      const moving = async () => (await list("state=queued,sending")).some(({ blockedBy }) => blockedBy === undefined);
      while (await moving()) await delay(10);
    },
  };
};
