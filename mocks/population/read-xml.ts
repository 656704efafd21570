/** One element of a small XML document, its name without the prefix. */
export interface XmlElement {
  readonly name: string;
  readonly namespace: string;
  readonly children: readonly XmlElement[];
  /** Its own text, untrimmed. */
  readonly text: string;
}

/** What stands in the way of reading a document. */
export class XmlFault extends Error {}

const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([^\s/<>!?]+)((?:\s+[^\s=<>]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/gy;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/gu;
const NAMED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

const entity = (name: string): string => {
  const number = /^#(?:x([\da-f]+)|(\d+))$/iu.exec(name);
  if (number !== null) return String.fromCodePoint(Number.parseInt(number[1] ?? number[2] ?? "", number[1] ? 16 : 10));
  const known = NAMED[name];
  if (known === undefined) throw new XmlFault(`entity ${name} is not declared`);
  return known;
};

const decoded = (text: string): string => text.replace(/&([^;&\s]{1,10});/gu, (_, name: string) => entity(name));

interface Open {
  readonly qualified: string;
  readonly namespaces: Readonly<Record<string, string>>;
  readonly element: { name: string; namespace: string; children: XmlElement[]; text: string };
}

const open = (qualified: string, attributes: string, outer: Open["namespaces"]): Open => {
  const namespaces: Record<string, string> = { ...outer };
  for (const [, name = "", double, single] of attributes.matchAll(ATTRIBUTE)) {
    const value = decoded(double ?? single ?? "");
    if (name === "xmlns") namespaces[""] = value;
    else if (name.startsWith("xmlns:")) namespaces[name.slice("xmlns:".length)] = value;
  }
  const colon = qualified.indexOf(":");
  const prefix = colon < 0 ? "" : qualified.slice(0, colon);
  const namespace = namespaces[prefix];
  if (namespace === undefined) throw new XmlFault(`prefix ${prefix} is not declared`);
  return { qualified, namespaces, element: { name: qualified.slice(colon + 1), namespace, children: [], text: "" } };
};

/** A document that is being read: what is open, and the root once it is there. */
interface Reading {
  readonly stack: Open[];
  root: XmlElement | undefined;
}

const takeText = ({ stack }: Reading, words: string): void => {
  const top = stack.at(-1);
  if (top !== undefined) top.element.text += words;
  else if (words.trim() !== "") throw new XmlFault("text outside the root");
};

const takeStart = (reading: Reading, opened: Open): void => {
  const top = reading.stack.at(-1);
  if (top !== undefined) top.element.children.push(opened.element);
  else if (reading.root === undefined) reading.root = opened.element;
  else throw new XmlFault("a second root");
};

const take = (reading: Reading, [, cdata, slash, qualified, attributes = "", alone, text]: RegExpMatchArray): void => {
  const { stack } = reading;
  if (cdata !== undefined) takeText(reading, cdata);
  else if (text !== undefined) takeText(reading, decoded(text));
  else if (qualified !== undefined && slash === "/") {
    if (stack.pop()?.qualified !== qualified) throw new XmlFault(`</${qualified}> closes nothing`);
  } else if (qualified !== undefined) {
    const opened = open(qualified, attributes, stack.at(-1)?.namespaces ?? { "": "" });
    takeStart(reading, opened);
    if (alone !== "/") stack.push(opened);
  }
};

/** Reads a document, as strictly as the registry's own reader may. @throws XmlFault */
export const readXml = (source: string): XmlElement => {
  if (/<!DOCTYPE/iu.test(source)) throw new XmlFault("a DOCTYPE is refused");
  const reading: Reading = { stack: [], root: undefined };
  let end = 0;
  for (const token of source.matchAll(TOKEN)) {
    take(reading, token);
    end = token.index + token[0].length;
  }
  if (end !== source.length) throw new XmlFault("what follows is no XML");
  if (reading.stack.length > 0) throw new XmlFault(`${reading.stack.at(-1)?.qualified} is not closed`);
  if (reading.root === undefined) throw new XmlFault("no element");
  return reading.root;
};

/** Text as it stands between tags or quotes. */
export const escaped = (text: string): string =>
  text.replace(/[<>&"']/gu, (sign) => `&${Object.entries(NAMED).find(([, value]) => value === sign)?.[0]};`);
