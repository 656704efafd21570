import { POPULATION_WSDL } from "../../contracts/platforms/population/service-wsdl.ts";
import { LOOKUP, NAMESPACES, type TraCuuThongTinCongDan } from "../../contracts/platforms/population/wire.ts";

/** Writes the question and reads the answer by the service description. */
export interface SoapEngine {
  /** The whole envelope of a question, its SOAP header empty. */
  write(question: TraCuuThongTinCongDan): string;
  /**
   * What an envelope's body holds, prefixes taken off: an element by its name, or `Fault`.
   * Throws for what is no XML and for an answer that the description does not know.
   */
  read(xml: string): unknown;
}

/** What of the `soap` package is used, described by its shape. */
interface Wsdl {
  onReady(callback: (error?: Error) => void): void;
  objectToDocumentXML(name: string, value: unknown, prefix: string, namespace: string): string;
  xmlToObject(xml: string): unknown;
}

/**
 * Reads the service description. The `soap` package is used for what it knows, XML by WSDL in both directions, and not for
 * sending: its client is bound to one HTTP client for life, whereas every attempt of ours has its own deadline, record and
 * evidence (`CallContext.attempt`). It is loaded at the first question and not before: it takes 0.2 s to load.
 */
const loadWsdl = async (): Promise<Wsdl> => {
  const { WSDL } = await import("soap/lib/wsdl/index.js");
  const wsdl: Wsdl = new WSDL(POPULATION_WSDL, "population.wsdl", {});
  return new Promise((resolve, reject) => {
    wsdl.onReady((error) => (error ? reject(error) : resolve(wsdl)));
  });
};

const bodyOf = (envelope: unknown): unknown => (envelope as { Body?: unknown } | undefined)?.Body;

const openEngine = (wsdl: Wsdl, prefix: string): SoapEngine => ({
  write: (question) => {
    const lookup = wsdl.objectToDocumentXML(LOOKUP, question, prefix, NAMESPACES.request);
    return `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="${NAMESPACES.soap}"><soapenv:Header/><soapenv:Body>${lookup}</soapenv:Body></soapenv:Envelope>`;
  },
  read: (xml) => {
    try {
      return bodyOf(wsdl.xmlToObject(xml));
    } catch (error) {
      // A fault is thrown by the package, with what it read of the envelope as `root`.
      const root = (error as { root?: { Envelope?: unknown } }).root;
      if (root?.Envelope === undefined) throw error;
      return bodyOf(root.Envelope);
    }
  },
});

/** An engine that is loaded once, at its first use; a failed load is tried again by the next. */
export const lazySoapEngine = (prefix: string): (() => Promise<SoapEngine>) => {
  let loading: Promise<SoapEngine> | undefined;
  return () => {
    loading ??= loadWsdl().then((wsdl) => openEngine(wsdl, prefix));
    loading.catch(() => {
      loading = undefined;
    });
    return loading;
  };
};
