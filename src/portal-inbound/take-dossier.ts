import type { PushedDossier } from "../../contracts/portal-inbound.ts";
import type { Dossier } from "../../contracts/services/dossier.ts";
import type { Executor } from "../database/database.ts";
import { noteAddressed } from "./addressed-files.ts";
import type { InboundParts } from "./inbound-parts.ts";
import { type EventFile, keepFiles } from "./keep-files.ts";
import type { PreparedPush } from "./prepare-push.ts";
import { findKnown, type KnownDossier, storePushed } from "./pushed-dossier.ts";
import { openSubjects, type Subject, writeSubject } from "./subjects.ts";
import type { Taken, Taking } from "./taken.ts";

const withFiles = (dossier: Dossier, files: readonly EventFile[]): Dossier =>
  files.length === 0
    ? dossier
    : { ...dossier, submittedFiles: files.map(({ n, name, url }) => ({ id: String(n), name, url })) };

/** A new event's id, for data that name their own event. */
export const newEventId = (): string => `evt_${crypto.randomUUID().replaceAll("-", "")}`;

/** The dossier that an amendment is about, as far as it is known: amendments may come before it, or name one of before our time. */
const amended = (amends: string | undefined, known: KnownDossier | undefined) =>
  amends === undefined
    ? { known: false }
    : { portalCode: amends, known: known !== undefined, ...(known !== undefined && { dossierCode: known.code }) };

/** Whether it may be taken: never seen in these words, and new, or told to be an update, or let through by a person. */
const verdict = (subject: Subject, digest: string, push: PushedDossier, insisted: boolean) => {
  if (subject.seen.includes(digest)) return "duplicate";
  return subject.filed === undefined || push.updating || insisted ? "new" : "conflict";
};

/**
 * Takes a dossier that was filed at the portal: stores it, or leaves it to the province that has taken it on already, and
 * tells the inbox. Answers before anything is written when there is nothing new.
 */
export const takeDossier = async (
  executor: Executor,
  parts: InboundParts,
  { push, files, missing = [], digests }: PreparedPush & { readonly push: PushedDossier },
  taking: Taking,
): Promise<Taken> => {
  const { tenant, sealer } = parts;
  const { code, amends } = push;
  const subject = (await openSubjects(executor, tenant, sealer, [code])).get(code);
  const digest = digests.get(code);
  if (subject === undefined || digest === undefined) throw new Error("the subject of a push is gone");
  const judged = verdict(subject, digest, push, taking.insisted);
  if (judged !== "new") return { kind: judged };

  const known = await findKnown(executor, tenant, amends === undefined ? [code] : [code, amends]);
  const present = known.get(code);
  const isOurs = present === undefined || present.unclaimed;
  const agency = isOurs ? parts.agency : present.agency;
  const type = push.amendment || subject.filed ? "dossier.amended" : "dossier.received";
  const subjectCode = present?.code ?? code;
  const exchangeId = await taking.record({ operation: type, subject: subjectCode, dossierCode: subjectCode, agency });

  const eventId = newEventId();
  const kept = await keepFiles(executor, parts, eventId, files);
  const addressed = { taken: kept.length, files: push.addressedFiles ?? [] };
  const awaited = await noteAddressed(executor, parts, eventId, addressed);
  const dossier = withFiles(push.dossier, kept);
  if (isOurs) await storePushed(executor, parts, { code, agency, dossier });
  await writeSubject(executor, tenant, sealer, [code, { ...subject, filed: true, seen: [...subject.seen, digest] }]);
  const data = {
    dossierCode: subjectCode,
    portalCode: code,
    exchangeId,
    procedureCode: dossier.procedureCode,
    ...(push.amendment && { amends: amended(amends, amends === undefined ? undefined : known.get(amends)) }),
    dossier,
    details: push.details,
    files: kept,
    ...(awaited.length > 0 && { awaitedFiles: awaited }),
    ...(missing.length > 0 && { missingFiles: missing }),
  };
  const { now, correlationId } = taking;
  return {
    kind: "taken",
    events: [
      {
        id: eventId,
        type,
        occurredAt: now,
        subject: subjectCode,
        agency,
        dossierCode: subjectCode,
        data,
        correlationId,
      },
    ],
  };
};
