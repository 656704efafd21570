import type { Language } from "../../contracts/text.ts";

/** Vietnamese unless `Accept-Language` prefers English (api section 1, "Errors"). */
export const preferredLanguage = (header: string | undefined): Language => {
  if (header === undefined) return "vi";
  const weight = { vi: 0, en: 0 };
  for (const part of header.slice(0, 500).split(",")) {
    const [tag = "", ...parameters] = part.split(";").map((piece) => piece.trim());
    const primary = tag.toLowerCase().split("-")[0];
    if (primary !== "vi" && primary !== "en") continue;
    const q = Number(parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? "1");
    weight[primary] = Math.max(weight[primary], Number.isFinite(q) ? q : 0);
  }
  return weight.en > weight.vi ? "en" : "vi";
};
