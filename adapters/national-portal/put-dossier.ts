import type { Fault, Message, Outcome, Reading } from "../../contracts/adapter.ts";
import { asTransient, isDuplicate } from "./faults.ts";
import type { ProfileTable } from "./profile.ts";

/** How a dossier goes out: for the first time, or as one that the portal holds (np 1.1). */
export type Mode = "create" | "update";

type Put = Extract<Message, { operation: "dossier.put" }>;

/** What a profile can do about one dossier. */
export interface DossierSender {
  send(mode: Mode): Promise<Reading<null>>;
  /** Whether the portal holds it; absent where the portal cannot be asked. */
  isHeld?(): Promise<Reading<boolean>>;
  readonly afterRefusedUpdate: ProfileTable["afterRefusedUpdate"];
}

const failed = (fault: Fault): Outcome => ({ delivered: false, fault });

/** Asks whether the portal holds the dossier and names the message that fits; a create where it cannot be asked. */
const choose = async ({ isHeld }: DossierSender): Promise<Reading<Mode>> => {
  if (isHeld === undefined) return { ok: true, value: "create" };
  const held = await isHeld();
  return held.ok ? { ok: true, value: held.value ? "update" : "create" } : { ok: false, fault: held.fault };
};

/** The message to begin with. An update repeats without harm, so only a doubtful create is probed (design section 6). */
const begin = async (message: Put, sender: DossierSender): Promise<Reading<Mode>> => {
  if (message.known) return { ok: true, value: "update" };
  if (!message.unknownOutcome) return { ok: true, value: "create" };
  const chosen = await choose(sender);
  // What may have arrived is asked for until there is an answer: a refused probe says nothing of the dossier.
  return chosen.ok ? chosen : { ok: false, fault: asTransient(chosen.fault) };
};

const other = (mode: Mode): Mode => (mode === "create" ? "update" : "create");

/** The message that a refusal calls for; the same mode again means that the refusal stands. */
const afterRefusal = async (mode: Mode, fault: Fault, sender: DossierSender): Promise<Reading<Mode>> => {
  if (mode === "create") return { ok: true, value: isDuplicate(fault) ? "update" : "create" };
  return sender.afterRefusedUpdate === "stands" ? { ok: true, value: mode } : choose(sender);
};

/**
 * Brings one dossier to the portal, whichever of the two messages it takes. A create that meets "đã tồn tại" goes
 * out again as an update; an update that is refused goes out as a create if the portal turns out not to hold the
 * dossier, or where only a create can tell. Each turn is taken once at most, so that a portal that contradicts itself
 * ends in a refusal and not in a loop: never more than three messages.
 */
export const putDossier = async (message: Put, sender: DossierSender): Promise<Outcome> => {
  const first = await begin(message, sender);
  if (!first.ok) return failed(first.fault);
  let mode = first.value;
  const turnedTo = new Set<Mode>();

  for (;;) {
    const sent = await sender.send(mode);
    if (sent.ok) return { delivered: true };
    if (sent.fault.outcome !== "refused" || turnedTo.has(other(mode))) return failed(sent.fault);

    const next = await afterRefusal(mode, sent.fault, sender);
    // A look-up that is refused too leaves the update's refusal standing: its cause is the one to show.
    if (!next.ok) return failed(next.fault.outcome === "refused" ? sent.fault : asTransient(next.fault));
    if (next.value === mode) return failed(sent.fault);
    mode = next.value;
    turnedTo.add(mode);
  }
};
