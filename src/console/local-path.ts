/** Where the console begins. */
export const CONSOLE = "/console";

/** The page of one entry. */
export const entryPath = (id: string): string => `${CONSOLE}/entries/${id}`;

/** The page of dossiers. */
export const DOSSIERS = `${CONSOLE}/dossiers`;

/** The page of imports. */
export const IMPORTS = `${CONSOLE}/imports`;

/** The page of discrepancies. */
export const DISCREPANCIES = `${CONSOLE}/discrepancies`;

const MAX_LENGTH = 1000;
// Browsers read a backslash as a slash and drop tabs and line ends: what holds one is not the path it looks like.
const PLAIN_PATH = /^\/[!-[\]-~]*$/u;

/**
 * Where to go after logging in: a page of the console, whatever was asked for. A path is judged as a browser resolves it, so
 * that neither `//elsewhere`, nor `/console/../v1`, nor an address with a host is one.
 */
export const localPath = (asked: string | null | undefined): string => {
  if (!asked || asked.length > MAX_LENGTH || !PLAIN_PATH.test(asked)) return CONSOLE;
  const base = "http://console.invalid";
  if (!URL.canParse(asked, base)) return CONSOLE;
  const { origin, pathname, search } = new URL(asked, base);
  const inside = pathname === CONSOLE || pathname.startsWith(`${CONSOLE}/`);
  if (origin !== base || !inside || /^\/console\/log(?:in|out)$/u.test(pathname)) return CONSOLE;
  return pathname + search;
};
