import type { AttemptKind, CallContext, Reading } from "../../../../contracts/adapter.ts";
import { CONNECTOR_PATHS, type TokenRequest } from "../../../../contracts/platforms/national-portal/connector-v1.ts";
import { maskReading } from "../../client.ts";
import type { ConnectorConfig } from "../../config.ts";
import { type AnswerForm, type PortalAnswer, readAnswer } from "../../faults.ts";
import { mask, maskSessionValue } from "../../masking.ts";
import { inSession, keepSession, type Session, type SessionKeeper } from "../../session.ts";
import { CONNECTOR_ANSWER, readToken } from "./connector-answers.ts";

/** What every call in JSON says of itself. */
export const JSON_HEADERS = { Accept: "application/json", "Content-Type": "application/json" } as const;

/** A portal with its token. */
export interface Line {
  readonly config: ConnectorConfig;
  readonly keeper: SessionKeeper;
}

/** Keeps the token of a portal. */
export const keepToken = ({ url, clientId, clientSecret }: ConnectorConfig): SessionKeeper =>
  keepSession((call) => {
    const request: TokenRequest = { client_id: clientId, client_secret: clientSecret };
    return call.attempt({
      kind: "login",
      request: {
        method: "POST",
        url: url + CONNECTOR_PATHS.login,
        headers: { ...JSON_HEADERS, "X-Correlation-Id": call.correlationId },
        body: JSON.stringify(request),
      },
      evidence: JSON.stringify({ ...request, client_secret: "***" }),
      answerEvidence: (body) => mask(maskSessionValue(body), clientSecret),
      read: (answer) => maskReading(readToken(answer, call.now()), clientSecret),
    });
  });

/** The headers of a call in a session. */
export const authorized = ({ token }: Session, call: CallContext): Record<string, string> => ({
  Authorization: `Bearer ${token}`,
  "X-Correlation-Id": call.correlationId,
});

/** A message of the portal: its path and body, and what an answer that says success means. */
export interface Post<T> {
  readonly path: string;
  readonly body: string;
  /** The default is a message; a question changes nothing when it is lost. */
  readonly kind?: AttemptKind;
  readonly form?: AnswerForm;
  readonly isCreate?: boolean;
  readonly shares?: readonly string[];
  readonly read: (answer: PortalAnswer) => Reading<T>;
}

/** Sends one message. */
export const post = <T>({ config, keeper }: Line, message: Post<T>, call: CallContext) =>
  inSession(keeper, call, (session) => {
    const { path, body, kind = "send", form = CONNECTOR_ANSWER, isCreate = false, shares, read } = message;
    const headers = { ...JSON_HEADERS, ...authorized(session, call) };
    return call.attempt<T>({
      kind,
      request: { method: "POST", url: config.url + path, headers, body },
      evidence: body,
      ...(shares && { shares }),
      answerEvidence: (text) => mask(text, session.token),
      read: (answer) => {
        const reading = readAnswer(answer, { kind, now: call.now(), isCreate, form });
        return maskReading(reading.ok ? read(reading.value) : reading, session.token);
      },
    });
  });
