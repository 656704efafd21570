import type { CallContext, Fault, Reading } from "../../contracts/adapter.ts";
import type { AccessKeyCredential } from "../../contracts/platforms/enterprise/wire.ts";
import type { EnterpriseConfig } from "./config.ts";
import { readJson } from "./faults.ts";
import { keepToken, type TokenKeeper } from "./token.ts";

/** One question to a register. */
export interface Question<T> {
  /** Below the base address, without a slash before it. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** What a readable JSON answer means; its numbers are text. */
  readonly read: (value: unknown) => Reading<T>;
}

/** How registers are asked in every profile. */
export interface RegisterClient {
  ask<T>(question: Question<T>, call: CallContext): Promise<Reading<T>>;
}

const accessKeyOf = ({ AccessKey, SecretKey, AppName, PartnerCode, PartnerCodeCus }: AccessKeyCredential): string => {
  const json = JSON.stringify({ AccessKey, SecretKey, AppName, PartnerCode, PartnerCodeCus });
  return btoa(String.fromCharCode(...new TextEncoder().encode(json)));
};

/** Public data of a business, and still a look-up: neither question nor answer is kept (api section 5). */
const askOnce = <T>(
  url: string,
  authorization: string | undefined,
  { path, query, read }: Question<T>,
  call: CallContext,
): Promise<Reading<T>> =>
  call.attempt({
    kind: "read",
    request: {
      method: "GET",
      url: `${url}/${path}?${new URLSearchParams(query).toString()}`,
      headers: {
        accept: "application/json",
        "content-type": "application/json",
        ...(authorization !== undefined && { authorization }),
      },
    },
    evidence: "",
    answerEvidence: () => "",
    read: (answer) => {
      const reading = readJson(answer, call.now());
      return reading.ok ? read(reading.value) : reading;
    },
  });

const diedTwice = ({ sessionDied: _, ...fault }: Fault): Fault => ({
  ...fault,
  message: `The register refused two tokens in a row: ${fault.message}`,
});

/** Makes the call with the shared token; one that died is renewed once, and the call repeated once. */
const withToken = async <T>(
  keeper: TokenKeeper,
  call: CallContext,
  ask: (authorization: string) => Promise<Reading<T>>,
): Promise<Reading<T>> => {
  const first = await keeper.open(call);
  if (!first.ok) return first;
  const reading = await ask(`Bearer ${first.value.text}`);
  if (reading.ok || reading.fault.sessionDied !== true) return reading;
  keeper.drop(first.value);

  const second = await keeper.open(call);
  if (!second.ok) return second;
  const again = await ask(`Bearer ${second.value.text}`);
  if (again.ok || again.fault.sessionDied !== true) return again;
  keeper.drop(second.value);
  return { ok: false, fault: diedTwice(again.fault) };
};

/** There is nothing to renew: who asks is not let in, until an administrator mends the settings. */
const withoutToken = <T>(reading: Reading<T>): Reading<T> => {
  if (reading.ok || reading.fault.sessionDied !== true) return reading;
  const { sessionDied: _, ...fault } = reading.fault;
  return { ok: false, fault: { ...fault, outcome: "refused", code: "upstream_rejected" } };
};

/** Opens the client; its token lives as long as it. */
export const openClient = ({ url, credentials }: EnterpriseConfig): RegisterClient => {
  if (credentials.kind === "client") {
    const keeper = keepToken(credentials);
    return {
      ask: (question, call) => withToken(keeper, call, (authorization) => askOnce(url, authorization, question, call)),
    };
  }
  const authorization = credentials.kind === "access-key" ? accessKeyOf(credentials.credential) : undefined;
  return { ask: async (question, call) => withoutToken(await askOnce(url, authorization, question, call)) };
};
