import type { PushedTaxNotice, PushedTaxReceipt } from "../../contracts/portal-inbound.ts";
import type { Executor } from "../database/database.ts";
import type { NewEvent } from "../inbox/record-events.ts";
import { noteAddressed } from "./addressed-files.ts";
import type { InboundParts } from "./inbound-parts.ts";
import { balanceOf, withDecisions, withReceipt } from "./land-tax.ts";
import type { PreparedPush } from "./prepare-push.ts";
import { findKnown, type KnownDossier } from "./pushed-dossier.ts";
import { openSubjects, type Subject, writeSubject } from "./subjects.ts";
import { newEventId } from "./take-dossier.ts";
import type { Taken, Taking } from "./taken.ts";

/** The portal gives it no name. */
const RECEIPT_FILE = "chung-tu-nop-thue";

/** Who hears of tax papers of a dossier, and under which code: its owner, or the province while it has none. */
const placeOf = (code: string, known: KnownDossier | undefined, { agency }: InboundParts) => ({
  dossierCode: known?.code ?? code,
  agency: known === undefined || known.unclaimed ? agency : known.agency,
});

/** What one dossier's part of a notice changes. */
interface FreshPart {
  readonly code: string;
  readonly subject: Subject;
  readonly fresh: ReturnType<typeof withDecisions>["fresh"];
}

const freshPartsOf = (
  subjects: ReadonlyMap<string, Subject>,
  { push, digests }: PreparedPush & { readonly push: PushedTaxNotice },
): FreshPart[] =>
  push.dossiers.flatMap(({ code, decisions }): FreshPart[] => {
    const [subject, digest] = [subjects.get(code), digests.get(code)];
    if (subject === undefined || digest === undefined || subject.seen.includes(digest)) return [];
    const { tax, fresh } = withDecisions(subject.landTax, decisions);
    return [{ code, subject: { ...subject, landTax: tax, seen: [...subject.seen, digest] }, fresh }];
  });

/**
 * Takes a notice of land tax: every dossier of it that tells something new is told to its owner, the others are left as they
 * are. A dossier that nobody knows is taken like any other (document `payment`, section 3: a client stored half of such a
 * message and refused the rest).
 */
export const takeTaxNotice = async (
  executor: Executor,
  parts: InboundParts,
  prepared: PreparedPush & { readonly push: PushedTaxNotice },
  { record, now, correlationId }: Taking,
): Promise<Taken> => {
  const { tenant, sealer } = parts;
  const codes = prepared.push.dossiers.map(({ code }) => code);
  const changed = freshPartsOf(await openSubjects(executor, tenant, sealer, codes), prepared);
  if (changed.length === 0) return { kind: "duplicate" };
  const known = await findKnown(executor, tenant, codes);
  const places = new Map(codes.map((code) => [code, placeOf(code, known.get(code), parts)]));
  const only = codes.length === 1 ? places.get(codes[0] ?? "") : undefined;
  const exchangeId = await record({
    operation: "tax-notice.received",
    subject: only?.dossierCode ?? `${codes.length} dossiers`,
    dossierCode: only?.dossierCode ?? null,
    agency: only?.agency ?? parts.agency,
  });
  const events: NewEvent[] = [];
  for (const { code, subject, fresh } of changed) {
    await writeSubject(executor, tenant, sealer, [code, subject]);
    const { dossierCode, agency } = places.get(code) ?? { dossierCode: code, agency: parts.agency };
    // Decisions of before those that are known: taken, and nobody has to hear of them.
    if (fresh.length === 0) continue;
    const data = { dossierCode, portalCode: code, exchangeId, decisions: fresh, balance: balanceOf(subject.landTax) };
    const type = "tax-notice.received";
    events.push({ type, occurredAt: now, subject: dossierCode, agency, dossierCode, data, correlationId });
  }
  return { kind: "taken", events };
};

/** Takes a receipt of land tax; it may come before its notice, and is joined to it then. */
export const takeTaxReceipt = async (
  executor: Executor,
  parts: InboundParts,
  { push, digests }: PreparedPush & { readonly push: PushedTaxReceipt },
  { record, now, correlationId }: Taking,
): Promise<Taken> => {
  const { tenant, sealer } = parts;
  const { code, receipt } = push;
  const subject = (await openSubjects(executor, tenant, sealer, [code])).get(code);
  const digest = digests.get(code);
  if (subject === undefined || digest === undefined) throw new Error("the subject of a push is gone");
  if (subject.seen.includes(digest)) return { kind: "duplicate" };
  const known = await findKnown(executor, tenant, [code]);
  const { dossierCode, agency } = placeOf(code, known.get(code), parts);
  const type = "tax-receipt.received";
  const exchangeId = await record({ operation: type, subject: dossierCode, dossierCode, agency });
  const landTax = withReceipt(subject.landTax, receipt);
  await writeSubject(executor, tenant, sealer, [code, { ...subject, landTax, seen: [...subject.seen, digest] }]);
  const noticeKnown = landTax.decisions.some(
    ({ taxCode, decision }) => taxCode === receipt.taxCode && decision === receipt.decision,
  );
  const id = newEventId();
  const { documentUrl } = receipt;
  const files = documentUrl === undefined ? [] : [{ name: RECEIPT_FILE, address: documentUrl }];
  const awaited = await noteAddressed(executor, parts, id, { taken: 0, files });
  const told = {
    receipt,
    noticeKnown,
    balance: balanceOf(landTax),
    ...(awaited.length > 0 && { awaitedFiles: awaited }),
  };
  const data = { dossierCode, portalCode: code, exchangeId, ...told };
  return {
    kind: "taken",
    events: [{ id, type, occurredAt: now, subject: dossierCode, agency, dossierCode, data, correlationId }],
  };
};
