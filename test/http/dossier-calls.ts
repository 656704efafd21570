import type { DossierAccepted, DossierDetail } from "../../contracts/services/dossier-views.ts";
import type { EntryView } from "../../contracts/services/ledger.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf } from "./api-scene.ts";

/** The calls that tests of one dossier's life make again and again; every dossier gets a code of its own. */
export const dossierCalls = (scene: () => ApiScene) => {
  let number = 0;
  const put = async (code: string, parts: Record<string, unknown> = {}, query = "") =>
    scene().call<DossierAccepted>("PUT", `/v1/dossiers/${code}${query}`, dossierBody(parts));
  /** In the order accepted. */
  const entries = async (code: string): Promise<EntryView[]> => {
    const { body } = await scene().call<{ items: EntryView[] }>("GET", `/v1/ledger?dossierCode=${code}`);
    return body.items.toReversed();
  };
  return {
    nextCode: () => codeOf(++number),
    put,
    exchangeOf: async (code: string, parts: Record<string, unknown> = {}) => (await put(code, parts)).body.exchanges[0],
    step: (code: string, eventId: string) => scene().call("POST", `/v1/dossiers/${code}/events`, eventBody(eventId)),
    entries,
    /** Operation and state of every entry, in the order accepted. */
    states: async (code: string) => (await entries(code)).map(({ operation, state }) => `${operation} ${state}`),
    detail: async (code: string) => (await scene().call<DossierDetail>("GET", `/v1/dossiers/${code}`)).body,
  };
};
