import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { MirrorView, ProcedureView } from "../../contracts/services/procedures.ts";
import { sql } from "../../src/database/sql.ts";
import type { SceneOptions } from "../gateway-scene.ts";
import { openApiScene } from "../http/api-scene.ts";

/** A gateway before the simulator, with the catalogue to mirror. */
export const openProcedureScene = async (options: SceneOptions = {}) => {
  const folder = await mkdtemp(join(tmpdir(), "procedures-"));
  const scene = await openApiScene({ ...options, settings: { DATA_DIR: folder, ...options.settings } });

  const mirror = async (): Promise<MirrorView> => (await scene.call<MirrorView>("GET", "/v1/procedures/refresh")).body;

  /** Waits until the mirror is in one of these states. */
  const mirrorIs = async (...states: MirrorView["state"][]): Promise<MirrorView> => {
    for (const end = Date.now() + 30_000; ; await delay(20)) {
      const view = await mirror();
      if (states.includes(view.state)) return view;
      if (Date.now() > end) throw new Error(`the mirror stays ${JSON.stringify(view)}`);
    }
  };

  /** Mirrors the whole catalogue now. */
  const refresh = async (): Promise<MirrorView> => {
    await scene.call("POST", "/v1/procedures/refresh");
    return mirrorIs("idle");
  };

  const procedure = async (code: string, at = ""): Promise<ProcedureView> =>
    (await scene.call<ProcedureView>("GET", `/v1/procedures/${code}${at && `?at=${encodeURIComponent(at)}`}`)).body;

  const setPolicy = (code: string, policy: string, decision = "1143/SCT-VP") =>
    scene.call<{ code: string; inCatalogue: boolean; policy: Record<string, unknown> }>(
      "PUT",
      `/v1/procedures/${code}/policy`,
      { policy, decision },
    );

  /** Moves the beginning of every version back: as if it had been mirrored so long ago. */
  const age = (days: number) =>
    scene.database.transaction(async (executor) => {
      await executor.execute(
        sql`update procedure_versions set valid_from = valid_from - make_interval(days => ${days})`,
      );
      await executor.execute(sql`update procedures set valid_from = valid_from - make_interval(days => ${days})`);
      await executor.execute(sql`update rulebooks set version = gen_random_uuid()::text`);
    });

  const close = async (): Promise<void> => {
    await scene.close();
    await rm(folder, { recursive: true, force: true });
  };

  return { ...scene, close, mirror, mirrorIs, refresh, procedure, setPolicy, age };
};

/** Such a gateway. */
export type ProcedureScene = Awaited<ReturnType<typeof openProcedureScene>>;
