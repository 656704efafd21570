import { SaxesParser } from "saxes";
import { IDENTIFIERS_NAMESPACE, SOAP_NAMESPACE, XROAD_NAMESPACE } from "../../contracts/platforms/x-road/wire.ts";

/** What X-Road says of an envelope, and the fault in it if it is one. */
export interface SoapHead {
  readonly id?: string;
  /** The parts of the client's identifier. */
  readonly client: readonly string[];
  readonly faultCode?: string;
  readonly faultString?: string;
  readonly faultDetail?: string;
}

/** Everything of interest stands within so many characters of text. */
const LONGEST_TEXT = 1000;

/** What an element means by its path from the envelope down; `*` is the parts of an identifier. */
const MEANINGS: Readonly<Record<string, keyof SoapHead>> = {
  "s:Envelope/s:Header/x:id": "id",
  "s:Envelope/s:Header/x:client/i:*": "client",
  "s:Envelope/s:Body/s:Fault/faultcode": "faultCode",
  "s:Envelope/s:Body/s:Fault/faultstring": "faultString",
  "s:Envelope/s:Body/s:Fault/detail/faultDetail": "faultDetail",
};

const SHORT: Readonly<Record<string, string>> = {
  [SOAP_NAMESPACE]: "s:",
  [XROAD_NAMESPACE]: "x:",
  [IDENTIFIERS_NAMESPACE]: "i:",
};

const nameOf = (uri: string, local: string): string => {
  const prefix = SHORT[uri] ?? (uri === "" ? "" : "?:");
  return prefix === "i:" ? "i:*" : `${prefix}${local}`;
};

class Stop extends Error {}

/** Reads the head of a SOAP 1.1 envelope; null for what is none, is not well formed so far, or has a DOCTYPE. */
export const readSoapHead = (xml: string): SoapHead | null => {
  const path: string[] = [];
  const texts: { id?: string; faultCode?: string; faultString?: string; faultDetail?: string } = {};
  const client: string[] = [];
  let text = "";
  let isEnvelope = false;
  const parser = new SaxesParser({ xmlns: true });
  const refuse = (): never => {
    isEnvelope = false;
    throw new Stop();
  };
  parser.on("doctype", refuse);
  parser.on("error", refuse);
  parser.on("opentag", ({ uri, local }) => {
    path.push(nameOf(uri, local));
    text = "";
    const here = path.join("/");
    if (path.length === 1 && here !== "s:Envelope") refuse();
    if (here === "s:Envelope/s:Body") isEnvelope = true;
    // What is behind the first element of a body that is no fault is the service's.
    if (path.length === 3 && path[1] === "s:Body" && here !== "s:Envelope/s:Body/s:Fault") throw new Stop();
  });
  const add = (piece: string): void => {
    if (text.length < LONGEST_TEXT) text += piece;
  };
  parser.on("text", add);
  parser.on("cdata", add);
  parser.on("closetag", () => {
    const meaning = MEANINGS[path.join("/")];
    path.pop();
    if (meaning === "client") client.push(text.trim());
    else if (meaning !== undefined) texts[meaning] ??= text.trim();
    text = "";
  });
  try {
    parser.write(xml).close();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
  }
  return isEnvelope ? { ...texts, client } : null;
};
