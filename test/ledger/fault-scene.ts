import type { EntryDetail, EntryView } from "../../contracts/services/ledger.ts";
import type { FaultRule } from "../../mocks/national-portal/faults.ts";
import { dossierBody, eventBody, type GatewayScene } from "../gateway-scene.ts";

/** Only when every call of the last ten seconds failed: what these tests look at is what becomes of single bad answers. */
export const NO_BREAKER = { NATIONAL_PORTAL_BREAKER_ERROR_PERCENT: "100" };

/** How many steps every dossier of these tests has. */
export const STEPS = 3;

/** The words of the steps in the order accepted. */
export const WORDS = Array.from({ length: STEPS }, (_, i) => `Thẩm định hồ sơ e${i + 1}`);

/** A dossier code by number, of a plausible day. */
export const codeOf = (n: number): string => `H04.15-261120-${String(n).padStart(4, "0")}`;

const accepted = async (answer: Response): Promise<void> => {
  if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`);
};

/** Puts a dossier and its steps, whatever the portal is doing: accepting never depends on it. */
export const submit = async (scene: GatewayScene, code: string, parts: Record<string, unknown> = {}): Promise<void> => {
  await accepted(await scene.request("PUT", `/v1/dossiers/${code}`, dossierBody(parts)));
  for (let n = 1; n <= STEPS; n++) {
    await accepted(await scene.request("POST", `/v1/dossiers/${code}/events`, eventBody(`e${n}`)));
  }
};

/** The words of the steps as they arrived; a step that was repeated directly counts once. */
export const arrived = ({ portal }: GatewayScene, code: string): string[] => {
  const words = (portal.state.dossiers.get(code)?.steps ?? []).map(({ step }) => step.NoiDungXuLy ?? "");
  return words.filter((word, i) => word !== words[i - 1]);
};

/** The dossier's entries with their attempt logs, oldest first. */
export const entriesOf = async (scene: GatewayScene, code: string): Promise<EntryDetail[]> => {
  const page = await (await scene.request("GET", `/v1/ledger?dossierCode=${code}&limit=200`)).json();
  const { items } = page as { items: EntryView[] };
  const details = items.toReversed().map(async ({ id }) => (await scene.request("GET", `/v1/ledger/${id}`)).json());
  return (await Promise.all(details)) as EntryDetail[];
};

/** The attempts of all entries that did not end well. */
export const badAttempts = (entries: readonly EntryDetail[]) =>
  entries.flatMap(({ attemptLog }) => attemptLog).filter(({ outcome }) => outcome !== "delivered");

/** How often a fault of the dial was answered, over all services. */
export const firings = ({ portal }: GatewayScene, { fault }: FaultRule): number => portal.calls.count(`fault:${fault}`);
