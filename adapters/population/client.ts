import type { CallContext, Fault, Reading } from "../../contracts/adapter.ts";
import { LOOKUP, type TraCuuThongTinCongDan } from "../../contracts/platforms/population/wire.ts";
import type { Citizen, CitizenQuery, CitizenRegistry, LookupPurpose } from "../../contracts/registries.ts";
import type { PopulationConfig } from "./config.ts";
import { openDialect } from "./dialects.ts";
import { faultOf } from "./faults.ts";
import { toCitizen, toQuestion, unfit, type WireObject } from "./map.ts";

/** Who the registry is for this adapter's callers. */
type Registry = CitizenRegistry<CallContext, { readonly ok: false; readonly fault: Fault }>;

type Found = { readonly outcome: "matched"; readonly citizen: Citizen } | { readonly outcome: "not-matched" };

/** What may be kept of a question: that it was asked, under which id. No body of a look-up is kept (reg 4). */
const evidenceOf = ({ MaYeuCau, MaTichHop }: TraCuuThongTinCongDan): string =>
  `${LOOKUP} MaYeuCau=${MaYeuCau} MaTichHop=${MaTichHop}`;

/** The citizen of an answer; one with another number than was asked for is nobody's answer. */
const accept = (wire: WireObject | null, { identity }: CitizenQuery): Reading<Found> => {
  if (wire === null) return { ok: true, value: { outcome: "not-matched" } };
  const citizen = toCitizen(wire);
  const number = identity.kind === "personal-id" ? citizen.personalId : citizen.oldId;
  if (number !== undefined && number !== identity.value) {
    return faultOf("integrity", { text: "the answer is about somebody else" });
  }
  if (citizen.fullName === "") return faultOf("unreadable", { text: "a citizen without a name" });
  return { ok: true, value: { outcome: "matched", citizen } };
};

/** Longest message of a fault, in UTF-16 units. */
const LONGEST_MESSAGE = 300;

/** What a pattern would not take by its letter. */
const SIGNS = /[\\^$.*+?()[\]{}|/]/gu;

/** The registry's words may repeat the name that was asked for; hidden before the text is cut, so that no half is left. */
const withoutName = (fault: Fault, names: readonly string[]): Fault => {
  const patterns = names
    .filter((name) => name.trim().length > 1)
    .map((name) => new RegExp(name.normalize("NFC").replace(SIGNS, "\\$&"), "giu"));
  const message = patterns.reduce((text, pattern) => text.replace(pattern, "***"), fault.message);
  return { ...fault, message: message.slice(0, LONGEST_MESSAGE) };
};

/** A repetition is an asking of its own: another id of at most the same length. */
const again = (question: TraCuuThongTinCongDan): TraCuuThongTinCongDan => ({
  ...question,
  MaYeuCau: `${question.MaYeuCau.slice(0, 38)}-2`,
});

/** The registry as a capability: one question, one answer, nothing remembered but a token. */
export const openRegistry = (config: PopulationConfig): Registry => {
  const dialect = openDialect(config);

  const ask = async (
    question: TraCuuThongTinCongDan,
    query: CitizenQuery,
    call: CallContext,
  ): Promise<Reading<Found>> => {
    const prepared = await dialect.prepare(question, call);
    if (!prepared.ok) return prepared;
    const { request, read } = prepared.value;
    return call.attempt({
      kind: "read",
      request: { ...request, headers: { ...request.headers, "x-correlation-id": call.correlationId } },
      evidence: evidenceOf(question),
      answerEvidence: () => "",
      read: (answer) => {
        const reading = read(answer);
        if (reading.ok) return accept(reading.value, query);
        return { ok: false, fault: withoutName(reading.fault, [query.fullName, question.HoVaTen]) };
      },
    });
  };

  return {
    find: async (query: CitizenQuery, purpose: LookupPurpose, call) => {
      const question = toQuestion(query, purpose, config);
      const wrong = unfit(question);
      if (wrong.length > 0) {
        const message = `the registry could not take ${wrong.join(", ")}`;
        return { ok: false, fault: { outcome: "refused", code: "invalid_request", message } };
      }
      let reading = await ask(question, query, call);
      if (!reading.ok && reading.fault.platformCode === "401" && dialect.renew !== undefined) {
        dialect.renew();
        reading = await ask(again(question), query, call);
      }
      return reading;
    },
  };
};
