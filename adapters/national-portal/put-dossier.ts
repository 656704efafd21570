import type { CallContext, Fault, Message, Outcome, Reading } from "../../contracts/adapter.ts";
import type { HoSo } from "../../contracts/platforms/national-portal/wire.ts";
import type { PortalClient } from "./client.ts";
import { asTransient, isDuplicate } from "./faults.ts";

/** How a dossier goes out: `isUpdating` "False" or "True" (np 1.1). */
type Mode = "create" | "update";

const failed = (fault: Fault): Outcome => ({ delivered: false, fault });

/** Asks whether the portal holds the dossier and names the message that fits. */
const choose = async (client: PortalClient, code: string, call: CallContext): Promise<Reading<Mode>> => {
  const holds = await client.holdsDossier(code, "probe", call);
  if (!holds.ok) return { ok: false, fault: holds.fault };
  return { ok: true, value: holds.value ? "update" : "create" };
};

/** The message to begin with. An update repeats without harm, so only a doubtful create is probed (design section 6). */
const begin = async (
  message: Extract<Message, { operation: "dossier.put" }>,
  client: PortalClient,
  call: CallContext,
): Promise<Reading<Mode>> => {
  if (message.known) return { ok: true, value: "update" };
  if (!message.unknownOutcome) return { ok: true, value: "create" };
  const chosen = await choose(client, message.dossierCode, call);
  // What may have arrived is asked for until there is an answer: a refused probe says nothing of the dossier.
  return chosen.ok ? chosen : { ok: false, fault: asTransient(chosen.fault) };
};

const other = (mode: Mode): Mode => (mode === "create" ? "update" : "create");

/** The message that a refusal calls for; the same mode again means that the refusal stands. */
const afterRefusal = async (mode: Mode, fault: Fault, ask: () => Promise<Reading<Mode>>): Promise<Reading<Mode>> => {
  if (mode === "update") return ask();
  return { ok: true, value: isDuplicate(fault) ? "update" : "create" };
};

/**
 * Brings one dossier to the portal, whichever of the two messages it takes. A create that meets "đã tồn tại" goes
 * out again as an update; an update that is refused goes out as a create if the portal turns out not to hold the
 * dossier. Each turn is taken once at most, so that a portal that contradicts itself ends in a refusal and not in a
 * loop: never more than three messages.
 */
export const putDossier = async (
  message: Extract<Message, { operation: "dossier.put" }>,
  hoSo: HoSo,
  client: PortalClient,
  call: CallContext,
): Promise<Outcome> => {
  const ask = () => choose(client, message.dossierCode, call);
  const first = await begin(message, client, call);
  if (!first.ok) return failed(first.fault);
  let mode = first.value;
  const turnedTo = new Set<Mode>();

  for (;;) {
    const sent = await client.putDossier(hoSo, mode === "update", call);
    if (sent.ok) return { delivered: true };
    if (sent.fault.outcome !== "refused" || turnedTo.has(other(mode))) return failed(sent.fault);

    const next = await afterRefusal(mode, sent.fault, ask);
    // A look-up that is refused too leaves the update's refusal standing: its cause is the one to show.
    if (!next.ok) return failed(next.fault.outcome === "refused" ? sent.fault : asTransient(next.fault));
    if (next.value === mode) return failed(sent.fault);
    mode = next.value;
    turnedTo.add(mode);
  }
};
