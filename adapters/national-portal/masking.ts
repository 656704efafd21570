const MASK = "***";

/** What a secret may look like in a JSON text: as it is, escaped, and with the optional escape of `/`. */
const spellings = (secret: string): string[] => {
  const escaped = JSON.stringify(secret).slice(1, -1);
  return [...new Set([secret, escaped, escaped.replaceAll("/", "\\/")])];
};

/** Hides every occurrence of the secrets in a text that is kept. Empty secrets hide nothing. */
export const mask = (text: string, ...secrets: readonly string[]): string =>
  secrets
    .filter((secret) => secret !== "")
    .flatMap(spellings)
    .reduce((masked, spelling) => masked.replaceAll(spelling, MASK), text);

// Whatever follows a name such as `session`, `SESSION`, `JSESSIONID`, `access_token` and one of : = >, whole or cut short.
// Each alternative begins with letters of its own and is bounded: an answer of a million word characters is still read once.
const SESSION_VALUE =
  /((?:session\w{0,40}|(?:access|refresh|id)_token)["']?\s*[:=>]\s*)("(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,;}&<"']+)/giu;

/** Hides the session or token of a login answer, also in an answer that is no whole JSON. */
export const maskSessionValue = (body: string): string => body.replace(SESSION_VALUE, `$1"${MASK}"`);
