import { createNationalPortal } from "../../mocks/national-portal/create-national-portal.ts";
import { PORTAL_DEFAULTS } from "../../mocks/national-portal/settings.ts";
import type { Effect } from "../../mocks/national-portal/state.ts";
import { serve } from "../../mocks/server.ts";

/** What arrived for one dossier, in the order of its effects: the word that each message carried. */
export type Arrivals = ReadonlyMap<string, readonly string[]>;

/** The dossier and the word of every message of an effect. */
const wordsOf = (effect: Effect): { code: string; word: string }[] => {
  switch (effect.kind) {
    case "dossiers":
      return effect.data.map(({ MaHoSo, TrichYeuHoSo }) => ({ code: MaHoSo, word: TrichYeuHoSo }));
    case "steps":
      return effect.data.map(({ MaHoSo, NoiDungXuLy }) => ({ code: MaHoSo, word: NoiDungXuLy ?? "" }));
    case "status":
      return [{ code: effect.data.MaHoSoDonVi, word: effect.data.NoiDung }];
    default:
      return [];
  }
};

/** The simulated portal, in the process of the test: it outlives every gateway and writes down all that takes effect. */
export const openWitnessPortal = async () => {
  let sessions = 0;
  const arrivals = new Map<string, string[]>();
  const append = (effect: Effect): void => {
    for (const { code, word } of wordsOf(effect)) {
      const before = arrivals.get(code);
      if (before === undefined) arrivals.set(code, [word]);
      else before.push(word);
    }
  };
  const portal = createNationalPortal({
    now: () => new Date(),
    newSession: () => `session-${++sessions}`,
    journal: { effects: [], append },
  });
  const served = await serve(portal.app);
  return {
    portal,
    served,
    arrivals: arrivals as Arrivals,
    settings: {
      NATIONAL_PORTAL_URL: served.url,
      NATIONAL_PORTAL_USERNAME: PORTAL_DEFAULTS.username,
      NATIONAL_PORTAL_PASSWORD: PORTAL_DEFAULTS.password,
      NATIONAL_PORTAL_DSTCODE: PORTAL_DEFAULTS.dstcode,
      // Far below the lease, so that no message of a dead process arrives after its work was taken over.
      NATIONAL_PORTAL_TIMEOUT_MS: "3000",
      NATIONAL_PORTAL_RETRY_BASE_MS: "20",
      NATIONAL_PORTAL_RETRY_MAX_MS: "200",
      NATIONAL_PORTAL_BREAKER_RESET_MS: "500",
    } as Readonly<Record<string, string>>,
  };
};

/** The portal as a witness. */
export type WitnessPortal = Awaited<ReturnType<typeof openWitnessPortal>>;
