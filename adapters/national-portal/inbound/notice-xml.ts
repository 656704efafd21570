import { type SaxesAttributePlain, SaxesParser } from "saxes";
import { Unreadable } from "./loose.ts";

/** An element: its name, its own text, its children. */
export interface Element {
  readonly name: string;
  text: string;
  readonly children: Element[];
}

/** Elements of one paper at most: ten thousand decisions have seven each. */
const MOST_ELEMENTS = 100_000;
const DEEPEST = 20;

const unreadable = (vi: string, en: string): Unreadable => new Unreadable({ vi, en });

/**
 * Reads a small XML paper. A DOCTYPE is refused, so there are no entities but those of XML itself; what is not well formed, too
 * deep or too large is refused too.
 *
 * @throws Unreadable
 */
export const readXml = (xml: string): Element => {
  const top: Element = { name: "", text: "", children: [] };
  const open: Element[] = [top];
  let count = 0;
  const parser = new SaxesParser<{ xmlns: false }>({ xmlns: false });
  const here = (): Element => open.at(-1) ?? top;
  parser.on("doctype", () => {
    throw unreadable("XML có DOCTYPE.", "The XML has a DOCTYPE.");
  });
  parser.on("error", () => {
    throw unreadable("XML không hợp lệ.", "The XML is not well formed.");
  });
  parser.on("opentag", ({ name }: { name: string; attributes: Record<string, SaxesAttributePlain | string> }) => {
    count += 1;
    if (count > MOST_ELEMENTS || open.length > DEEPEST) throw unreadable("XML quá lớn.", "The XML is too large.");
    const element: Element = { name, text: "", children: [] };
    here().children.push(element);
    open.push(element);
  });
  parser.on("text", (text: string) => {
    here().text += text;
  });
  parser.on("cdata", (text: string) => {
    here().text += text;
  });
  parser.on("closetag", () => {
    open.pop();
  });
  parser.write(xml).close();
  return top;
};

/** Every element of a name below another, in order, not looking inside those found. */
export const elementsNamed = (within: Element, name: string): Element[] =>
  within.children.flatMap((child) => (child.name === name ? [child] : elementsNamed(child, name)));

/** The text of the first child of one of these names; undefined when there is none. */
export const childText = (within: Element, ...names: readonly string[]): string | undefined =>
  within.children.find(({ name }) => names.includes(name))?.text;
