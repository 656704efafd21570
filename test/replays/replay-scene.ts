import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import type { Difference, ReplayView } from "../../contracts/services/replays.ts";
import { dossierBody, type GatewayScene } from "../gateway-scene.ts";

/** Differences as `field: then -> now`. */
export const changesOf = (difference: readonly Difference[] = []): string[] =>
  difference.map((one) => `${one.field}: ${one.then} -> ${one.now}`);

/** The code of dossier `n` of a test. */
export const codeOf = (n: number): string => `H04.15-261120-${String(n).padStart(4, "0")}`;

/** Puts `count` dossiers and waits until each is delivered or failed. */
export const putDossiers = async (scene: GatewayScene, count: number, parts = {}, first = 1): Promise<string[]> => {
  const codes = Array.from({ length: count }, (_, i) => codeOf(first + i));
  for (const code of codes) {
    const answer = await scene.request("PUT", `/v1/dossiers/${code}`, dossierBody(parts));
    expect(answer.status).toBe(202);
  }
  await scene.drained();
  return codes;
};

/** The portal refuses every dossier with these words until the dial is cleared. */
export const refuseDossiers = (scene: GatewayScene, times?: number): void =>
  scene.portal.dial.set({
    fault: "error-body",
    code: "3",
    message: "Thiếu giấy tờ",
    service: "DongBoHoSoMC",
    ...(times !== undefined && { times }),
  });

/** Posts and gives the answer's body, checking its status. */
export const post = async <T>(
  scene: GatewayScene,
  path: string,
  body: unknown,
  status: number,
  options: { client?: string; headers?: Record<string, string> } = {},
): Promise<T> => {
  const answer = await scene.request("POST", path, body, options);
  const text = await answer.text();
  expect(`${answer.status} ${answer.status === status ? "" : text}`).toBe(`${status} `);
  return JSON.parse(text) as T;
};

/** Gets JSON, checking for 200. */
export const get = async <T>(scene: GatewayScene, path: string, client = "province"): Promise<T> => {
  const answer = await scene.request("GET", path, undefined, { client });
  expect(answer.status).toBe(200);
  return (await answer.json()) as T;
};

/** The replay, once it satisfies the condition. */
export const replayUntil = async (
  scene: GatewayScene,
  id: string,
  holds: (replay: ReplayView) => boolean,
): Promise<ReplayView> => {
  for (const end = Date.now() + 20_000; ; await delay(20)) {
    const replay = await get<ReplayView>(scene, `/v1/ledger/replays/${id}`);
    if (holds(replay)) return replay;
    if (Date.now() > end) throw new Error(`the replay stays ${JSON.stringify(replay)}`);
  }
};

/** Whether the replay is over and nothing of it is on its way. */
export const isOver = ({ state, outstanding }: ReplayView): boolean =>
  (state === "finished" || state === "stopped") && outstanding === 0;
