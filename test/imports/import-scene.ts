import { setTimeout as delay } from "node:timers/promises";
import type { ImportFinding, ImportStarted, ImportView } from "../../contracts/services/imports.ts";
import { dossierBody } from "../gateway-scene.ts";
import { type Answer, type ApiScene, type CallOptions, codeOf } from "../http/api-scene.ts";

/** One line of a JSON file about dossier `n`. */
export const lineOf = (n: number, parts: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ code: codeOf(n), ...dossierBody(parts) });

/** Lines about the dossiers `from` to `to`. */
export const linesOf = (from: number, to: number, parts?: Readonly<Record<string, unknown>>): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => lineOf(from + i, parts));

const NDJSON = "application/x-ndjson";

/** What tests do with imports. */
export const importCalls = (scene: () => ApiScene) => {
  const upload = <Body = ImportStarted>(
    file: string | Uint8Array,
    query = "",
    { headers, ...options }: CallOptions = {},
  ): Promise<Answer<Body>> =>
    scene().call<Body>("POST", `/v1/imports${query}`, file, {
      ...options,
      headers: { "content-type": NDJSON, ...headers },
    });

  const read = async (id: string): Promise<ImportView> =>
    (await scene().call<ImportView>("GET", `/v1/imports/${id}`)).body;

  const until = async (id: string, holds: (view: ImportView) => boolean, seconds = 25): Promise<ImportView> => {
    for (const end = Date.now() + seconds * 1000; ; await delay(20)) {
      const view = await read(id);
      if (holds(view)) return view;
      if (Date.now() > end) throw new Error(`the import stays ${JSON.stringify(view)}`);
    }
  };

  const finished = (id: string, seconds?: number) => until(id, ({ state }) => state === "finished", seconds);

  const report = async (id: string): Promise<ImportFinding[]> => {
    const { text } = await scene().call("GET", `/v1/imports/${id}/report`);
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as ImportFinding);
  };

  return {
    upload,
    read,
    until,
    finished,
    report,
    /** Uploads a file that must be taken, and waits until all of it is worked off. */
    done: async (file: string | Uint8Array, query = "?ratePerSecond=1000", options?: CallOptions) => {
      const { status, body, text } = await upload(file, query, options);
      if (status !== 202) throw new Error(`${status} ${text}`);
      return finished(body.id);
    },
    /** The refusals of a report as `line code field`. */
    refusals: async (id: string): Promise<string[]> =>
      (await report(id))
        .filter(({ kind }) => kind === "refused")
        .map(({ line, code, field }) => `${line} ${code} ${field}`.trim()),
  };
};
