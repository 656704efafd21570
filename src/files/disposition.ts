const ASCII_NAME = /[^\x20-\x7e]|["\\%;]/gu;

const encoded = (name: string): string =>
  encodeURIComponent(name).replaceAll(/['()*!]/gu, (character) => `%${character.charCodeAt(0).toString(16)}`);

/** `Content-Disposition` of a file to be saved, its name in both forms (RFC 6266, RFC 8187). */
export const attachment = (name: string): string => {
  const plain =
    (name.split(/[/\\]/u).at(-1) ?? "")
      .replaceAll(/\p{Cc}/gu, "")
      .slice(0, 200)
      .toWellFormed() || "file";
  return `attachment; filename="${plain.replaceAll(ASCII_NAME, "_")}"; filename*=UTF-8''${encoded(plain)}`;
};
