import { type Context, Hono } from "hono";
import { POPULATION_WSDL } from "../../contracts/platforms/population/service-wsdl.ts";
import type { XmlInJson } from "../../contracts/platforms/population/wire.ts";
import { createControl } from "./control.ts";
import { createDial, type Dial, type Interference } from "./dial.ts";
import { directRefusal, hasAccessKey } from "./doors.ts";
import { type QuestionReading, readFlatQuestion, readPascalQuestion, readSoapQuestion } from "./read-question.ts";
import { createRegistry, type Finding, type Registry } from "./registry.ts";
import { POPULATION_DEFAULTS as KNOWN, PATHS, type PopulationOptions } from "./settings.ts";
import { instead, type PlainAnswer, spoiled } from "./spoil.ts";
import { type AnswerForm, jsonAnswer, soapFault, xmlAnswer } from "./write-answer.ts";

/** A simulated population registry with the four ways by which provinces reach it. */
export interface Population {
  readonly app: Hono;
  readonly registry: Registry;
  readonly dial: Dial;
}

const XML = "text/xml; charset=utf-8";
const JSON_TYPE = "application/json; charset=utf-8";

const turnedAway = (why: string): PlainAnswer => ({ status: 401, type: "text/plain; charset=utf-8", body: why });

const inXml = (finding: Finding, form: AnswerForm): PlainAnswer =>
  "refusal" in finding
    ? { status: 200, type: XML, body: soapFault("soapenv:Client", finding.refusal) }
    : { status: 200, type: XML, body: xmlAnswer(finding.person, form) };

const inJson = (finding: Finding, form: AnswerForm): PlainAnswer => {
  const body =
    "refusal" in finding
      ? JSON.stringify({ code: "400", status: "error", correlationId: "1", message: finding.refusal })
      : jsonAnswer(finding.person, form);
  return { status: 200, type: JSON_TYPE, body };
};

/** The XML answer as the text of a JSON answer; what is no answer is words beside a code. */
const xmlInJson = (finding: Finding, form: AnswerForm, acting: Interference): PlainAnswer => {
  const fault = acting["soap-fault"];
  const words = fault === undefined ? undefined : soapFault(fault.code, fault.text ?? "Lỗi hệ thống");
  const body: XmlInJson =
    "refusal" in finding
      ? { error_code: "-1", message: finding.refusal }
      : { error_code: words === undefined ? "0" : "500", message: words ?? xmlAnswer(finding.person, form) };
  return { status: 200, type: JSON_TYPE, body: JSON.stringify(body) };
};

/** Makes a registry. Runtime-free: it has no clock, no file and no randomness of its own. */
export const createPopulation = (options: PopulationOptions): Population => {
  const registry = createRegistry(options.nameForm ?? "compact");
  const dial = createDial();
  const tokens = new Map<string, number>();
  const wait = options.wait ?? ((ms) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  const app = new Hono();
  const clock = (acting: Interference) => new Date(options.now().getTime() + (acting["clock-skew"]?.ms ?? 0));
  const found = (reading: QuestionReading): Finding =>
    "refusal" in reading ? reading : registry.ask(reading.question);

  /** One call: the dial first, then the door, then the question. */
  const face = (path: string, answer: (c: Context, acting: Interference) => Promise<PlainAnswer> | PlainAnswer) =>
    app.post(path, async (c) => {
      const acting = dial.interfere();
      if (acting.latency !== undefined) await wait(acting.latency.ms);
      if (acting["token-expired"] !== undefined) tokens.clear();
      return instead(acting) ?? spoiled(await answer(c, acting), acting);
    });

  /** Both SOAP families differ at the door alone. */
  const soapAnswer = async (c: Context, acting: Interference): Promise<PlainAnswer> => {
    const fault = acting["soap-fault"];
    if (fault !== undefined) {
      return { status: fault.status ?? 200, type: XML, body: soapFault(fault.code, fault.text ?? "Lỗi hệ thống") };
    }
    return inXml(found(readSoapQuestion(await c.req.text())), acting.form ?? {});
  };

  face(PATHS.soap, async (c, acting) => {
    const refusal = await directRefusal((name) => c.req.header(name), {
      now: clock(acting),
      hashUrl: options.hashUrl ?? KNOWN.hashUrl,
    });
    return refusal === undefined ? soapAnswer(c, acting) : turnedAway(refusal);
  });
  face(PATHS.esb, (c, acting) =>
    hasAccessKey((name) => c.req.header(name)) ? soapAnswer(c, acting) : turnedAway("AccessKey"),
  );
  face(PATHS.json, async (c, acting) => {
    const token = /^Bearer (\S+)$/u.exec(c.req.header("authorization") ?? "")?.[1] ?? "";
    if ((tokens.get(token) ?? 0) <= clock(acting).getTime()) return turnedAway("token");
    const fault = acting["soap-fault"];
    const body = await c.req.json<unknown>().catch(() => undefined);
    const finding = fault === undefined ? found(readFlatQuestion(body)) : { refusal: fault.text ?? "Lỗi hệ thống" };
    return inJson(finding, acting.form ?? {});
  });
  face(PATHS.vendor, async (c, acting) => {
    const body = await c.req.json<unknown>().catch(() => undefined);
    return xmlInJson(found(readPascalQuestion(body)), acting.form ?? {}, acting);
  });

  app.post(PATHS.token, async (c) => {
    const form = new URLSearchParams(await c.req.text());
    const known = c.req.header("authorization") === `Basic ${btoa(`${KNOWN.clientId}:${KNOWN.clientSecret}`)}`;
    if (!known) return c.json({ error: "invalid_client" }, 401);
    if (form.get("grant_type") !== "client_credentials") return c.json({ error: "unsupported_grant_type" }, 400);
    const token = options.newToken();
    tokens.set(token, options.now().getTime() + KNOWN.tokenLifeMs);
    return c.json({ access_token: token, token_type: "Bearer", expires_in: KNOWN.tokenLifeMs / 1000 });
  });
  app.get(PATHS.soap, (c) => {
    const described = POPULATION_WSDL.replace("http://population.invalid/", new URL(PATHS.soap, c.req.url).href);
    return c.body(described, 200, { "content-type": XML });
  });
  const population: Population = { app, registry, dial };
  app.route("/", createControl(population));
  return population;
};
