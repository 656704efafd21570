import type { HttpAnswer, HttpRequest } from "../../contracts/adapter.ts";
import { REST_PROTOCOL, XROAD_HEADERS } from "../../contracts/platforms/x-road/wire.ts";
import { foreignAnswer, xRoadFailure } from "./x-road-faults.ts";

/** One call on its way through X-Road. */
export interface XRoadCall {
  readonly server: string;
  readonly consumer: readonly string[];
  readonly service: readonly string[];
  /** What of the address stands behind the service's own: path and query. */
  readonly rest: string;
  /** UUID. */
  readonly id: string;
}

/** Also what `encodeURIComponent` leaves: identifiers may hold quotes and brackets (registries section 6.1). */
const encoded = (part: string): string =>
  encodeURIComponent(part).replaceAll(
    /[!'()*]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const joined = (parts: readonly string[]): string => parts.map(encoded).join("/");

/** Headers that X-Road gives a meaning are sent once and by us; what an adapter says of officer and dossier is kept. */
const OURS: ReadonlySet<string> = new Set([XROAD_HEADERS.client, XROAD_HEADERS.id]);

/** The request as the security server takes it (registries section 6.2). */
export const toRest = (request: HttpRequest, { server, consumer, service, rest, id }: XRoadCall): HttpRequest => {
  const kept = Object.entries(request.headers).filter(([name]) => !OURS.has(name.toLowerCase()));
  return {
    ...request,
    url: `${server}/${REST_PROTOCOL}/${joined(service)}${rest}`,
    headers: {
      ...Object.fromEntries(kept),
      [XROAD_HEADERS.client]: joined(consumer),
      [XROAD_HEADERS.id]: id,
    },
  };
};

type Head = Pick<HttpAnswer, "status" | "headers">;

/** Compared decoded: servers encode more or less than we do. */
const isSame = (identifier: string, parts: readonly string[]): boolean => {
  try {
    return identifier.split("/").map(decodeURIComponent).join("/") === parts.join("/");
  } catch {
    return false;
  }
};

/** What of the answer is not ours, or null. */
const strangeIn = ({ headers }: Head, { id, consumer }: XRoadCall): string | null => {
  if (headers[XROAD_HEADERS.id]?.trim().toLowerCase() !== id.toLowerCase()) return XROAD_HEADERS.id;
  return isSame(headers[XROAD_HEADERS.client]?.trim() ?? "", consumer) ? null : XROAD_HEADERS.client;
};

/** Something before X-Road, such as a balancer, that has no answer: its 5xx says so, and holds no data. */
const isBeforeXRoad = ({ status, headers }: Head): boolean =>
  status >= 500 && headers[XROAD_HEADERS.id] === undefined && headers[XROAD_HEADERS.client] === undefined;

/** Whether the answer is the service's, to this request. */
export const isOurAnswer = (head: Head, call: XRoadCall): boolean =>
  head.headers[XROAD_HEADERS.error] === undefined && strangeIn(head, call) === null;

const textIn = (value: unknown, name: string): string => {
  const text = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  return typeof text === "string" ? text : "";
};

const errorBody = ({ body, overlong }: HttpAnswer): unknown => {
  try {
    return overlong ? undefined : JSON.parse(body);
  } catch {
    return undefined;
  }
};

/**
 * The service's answer. `X-Road-Error` is looked at first: with it X-Road speaks, whatever the status (registries section 6.3).
 *
 * @throws TransportError
 */
export const fromRest = (answer: HttpAnswer, call: XRoadCall): HttpAnswer => {
  const type = answer.headers[XROAD_HEADERS.error];
  if (type !== undefined) {
    const said = errorBody(answer);
    throw xRoadFailure(type, textIn(said, "message"), textIn(said, "detail"));
  }
  if (isBeforeXRoad(answer)) return answer;
  const strange = strangeIn(answer, call);
  if (strange !== null) throw foreignAnswer(strange);
  return answer;
};
