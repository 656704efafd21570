import type { PlatformCache } from "../../contracts/adapter.ts";
import type { PaymentLine } from "../../contracts/payments.ts";
import type { Bill } from "../../contracts/portal-inbound.ts";
import type { Dossier } from "../../contracts/services/dossier.ts";
import type { Executor } from "../database/database.ts";
import { dossierContext } from "../ledger/open-message.ts";
import { readPaidLines } from "../payments/read-paid-lines.ts";
import type { InboundParts } from "./inbound-parts.ts";
import { balanceOf, type LandTax } from "./land-tax.ts";
import { findKnown, type KnownDossier } from "./pushed-dossier.ts";
import { readLandTax } from "./subjects.ts";

const contentOf = ({ tenant, sealer }: InboundParts, { code, content }: KnownDossier): Dossier =>
  JSON.parse(sealer.open(content, dossierContext(tenant, code))) as Dossier;

const knownAs = async (executor: Executor, { tenant }: InboundParts, code: string): Promise<KnownDossier | undefined> =>
  (await findKnown(executor, tenant, [code])).get(code);

/** A refusal in the words of the status look-up: its code is a text (np 2.6). */
const notFound = { error_code: "-1", message: "Không tìm thấy hồ sơ" };

/** `search/call`: how a dossier stands, by its own code or the portal's. */
export const answerStatus = async (
  executor: Executor,
  parts: InboundParts,
  cache: PlatformCache,
  body: unknown,
): Promise<object> => {
  const asked = parts.dialect.codeAskedFor(body);
  const known = asked === undefined ? undefined : await knownAs(executor, parts, asked);
  if (asked === undefined || known === undefined) return notFound;
  return parts.dialect.status({ code: asked, dossier: contentOf(parts, known), status: known.status }, cache);
};

const landLines = (tax: LandTax): Bill["lines"] =>
  balanceOf(tax)
    .decisions.filter(({ remaining }) => remaining > 0)
    .map(({ decision, remaining }) => ({
      kind: "tax",
      code: decision,
      name: `Thuế đất theo quyết định ${decision}`,
      amount: remaining,
    }));

/** Fees are owed while the dossier says that it waits for them, and as far as they were not paid here. */
const feeLines = (
  dossier: Dossier | null,
  status: Dossier["status"] | undefined,
  paid: readonly PaymentLine[],
): Bill["lines"] => {
  if (status !== "payment-required") return [];
  const left = paid.map((line) => ({ ...line }));
  return (dossier?.fees ?? []).flatMap(({ kind, code, name, amount }) => {
    let owed = amount;
    for (const line of left) {
      if (line.kind !== kind || line.code !== code) continue;
      const covered = Math.min(owed, line.amount);
      owed -= covered;
      line.amount -= covered;
    }
    return owed > 0 ? [{ kind, code, name, amount: owed }] : [];
  });
};

const NOTHING = { error_code: 0, message: [] };
const UNKNOWN = { error_code: -1, message: [] };

/** `dptracuuthanhtoanhs`: what a dossier owes, of land tax and of fees. */
export const answerBill = async (executor: Executor, parts: InboundParts, body: unknown): Promise<object> => {
  const code = parts.dialect.codeAskedFor(body);
  if (code === undefined) return UNKNOWN;
  const known = await knownAs(executor, parts, code);
  const dossier = known === undefined ? null : contentOf(parts, known);
  const codes = [code, known?.code ?? code, dossier?.portalCode ?? code];
  const landTax = await readLandTax(executor, parts, codes);
  const isKnown = known !== undefined || landTax.decisions.length + landTax.receipts.length > 0;
  if (!isKnown) return UNKNOWN;
  const lines = [
    ...landLines(landTax),
    ...feeLines(dossier, known?.status, await readPaidLines(executor, parts, codes)),
  ];
  if (lines.length === 0) return NOTHING;
  return parts.dialect.bill({ code, dossier, agencyCode: parts.agencyCode, lines, now: parts.now() });
};
