import { expect } from "vitest";
import { ERRORS } from "../../contracts/errors.ts";
import type { Problem } from "../../src/http/problem.ts";
import { openGatewayScene, type SceneOptions } from "../gateway-scene.ts";
import { type AnswerCheck, createAnswerCheck, type Description, type ReadAnswer } from "./answer-check.ts";
import { countRows } from "./tables.ts";

/** How a call differs from the usual one: the province's client, no further headers. */
export interface CallOptions {
  readonly client?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Null: no token at all. */
  readonly token?: string | null;
}

/** An answer that the description promises, with its body read. */
export interface Answer<Body> extends ReadAnswer {
  readonly body: Body;
}

/** Code traces that no answer may show: a stack's lines, a source file, a statement. */
const INSIDES = /\n\s+at |\.ts:\d|node_modules|\bselect \w+|insert into/u;

const checkProblem = (status: number, headers: Headers, body: unknown): void => {
  const { code, status: said, retry, correlationId } = body as Problem;
  expect({ status: said, retry }).toEqual({ status: ERRORS[code].status, retry: ERRORS[code].retry });
  expect(said).toBe(status);
  expect(correlationId).toBe(headers.get("x-correlation-id"));
};

/** What holds for every answer, whatever the route: a correlation id, no insides, problems as the table says. */
const checkCommon = ({ status, headers, text }: ReadAnswer): unknown => {
  expect(headers.get("x-correlation-id")).toMatch(/^[A-Za-z0-9._:/+=-]{1,128}$/u);
  const type = headers.get("content-type") ?? "";
  if (!/[/+]json\b/u.test(type)) return text;
  expect(text).not.toMatch(INSIDES);
  const body: unknown = JSON.parse(text);
  if (type.startsWith("application/problem+json")) checkProblem(status, headers, body);
  return body;
};

/** A gateway whose every answer is checked against its own `/openapi.json`: tests of the API call it in no other way. */
export const openApiScene = async (options: SceneOptions = {}) => {
  const scene = await openGatewayScene(options);
  const description = (await (await scene.app.request("/openapi.json")).json()) as Description;
  const check: AnswerCheck = createAnswerCheck(description);

  /** Sends a request to an application of this deployment and checks what comes back. */
  const send = async <Body = Problem>(path: string, init: RequestInit = {}, app = scene.app): Promise<Answer<Body>> => {
    const response = await app.request(path, init);
    const answer = { status: response.status, headers: response.headers, text: await response.text() };
    check(init.method ?? "GET", new URL(path, "http://gateway").pathname, answer);
    return { ...answer, body: checkCommon(answer) as Body };
  };

  /** Calls a route as a client; an object body goes as JSON, text and bytes as they are. */
  const call = async <Body = Problem>(
    method: string,
    path: string,
    body?: unknown,
    { client, headers, token }: CallOptions = {},
  ): Promise<Answer<Body>> => {
    const bearer = token === undefined ? await scene.token(client) : token;
    const raw = body === undefined || typeof body === "string" || body instanceof Uint8Array;
    return send<Body>(path, {
      method,
      headers: {
        ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: (raw ? body : JSON.stringify(body)) as NonNullable<RequestInit["body"]> }),
    });
  };

  /** Runs what must be refused, once nothing else is on its way, and asserts that no row of any table came or went. */
  const storesNothing = async <T>(work: () => Promise<T>): Promise<T> => {
    if (options.dispatch !== false) await scene.drained();
    const before = await countRows(scene.database);
    const result = await work();
    expect(await countRows(scene.database)).toEqual(before);
    return result;
  };

  /** The call must be refused as invalid, name exactly these faults (`field code`), and store nothing. */
  const refuses = async (
    method: string,
    path: string,
    body: unknown,
    faults: readonly string[],
    callOptions?: CallOptions,
  ): Promise<void> => {
    const answer = await storesNothing(() => call(method, path, body, callOptions));
    expect([answer.status, answer.body.code]).toEqual([400, "invalid_request"]);
    expect(faultsOf(answer.body)).toEqual(faults.toSorted());
  };

  return { ...scene, description, check, send, call, storesNothing, refuses };
};

/** A gateway whose answers are checked. */
export type ApiScene = Awaited<ReturnType<typeof openApiScene>>;

/** The faults of a problem as `field code`, in a fixed order. */
export const faultsOf = ({ errors = [] }: Problem): string[] =>
  errors.map(({ field, code }) => `${field} ${code}`).sort();

/** A dossier code of the scenes' day; `number` has up to four digits. */
export const codeOf = (number: number): string => `H04.15-261120-${String(number).padStart(4, "0")}`;
