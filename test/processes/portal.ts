import { setTimeout as delay } from "node:timers/promises";
import { createNationalPortal } from "../../mocks/national-portal/create-national-portal.ts";
import { PORTAL_DEFAULTS } from "../../mocks/national-portal/settings.ts";
import { serve } from "../../mocks/server.ts";
import { wordsOf } from "./province.ts";

/** A portal that outlives the gateways that call it. `settings` lead a gateway to it. */
export const openPortal = async () => {
  let sessions = 0;
  const portal = createNationalPortal({ now: () => new Date(), newSession: () => `session-${++sessions}` });
  const served = await serve(portal.app);
  return {
    portal,
    settings: {
      NATIONAL_PORTAL_URL: served.url,
      NATIONAL_PORTAL_USERNAME: PORTAL_DEFAULTS.username,
      NATIONAL_PORTAL_PASSWORD: PORTAL_DEFAULTS.password,
      NATIONAL_PORTAL_DSTCODE: PORTAL_DEFAULTS.dstcode,
      NATIONAL_PORTAL_RETRY_BASE_MS: "20",
      NATIONAL_PORTAL_RETRY_MAX_MS: "200",
    } as Readonly<Record<string, string>>,
    /** Waits until this many steps arrived. */
    sawSteps: async (count: number): Promise<void> => {
      for (const end = Date.now() + 20_000; portal.state.counts.steps < count; await delay(5)) {
        if (Date.now() > end) throw new Error(`only ${portal.state.counts.steps} steps arrived`);
      }
    },
    close: () => served.close(),
  };
};

/** A portal outside the gateways. */
export type Portal = Awaited<ReturnType<typeof openPortal>>;

/** What is wrong with the order of a dossier's steps; a step that was repeated directly counts once. Empty: nothing. */
export const disorderOf = (words: readonly string[], steps: number): string[] => {
  const once = words.filter((word, i) => word !== words[i - 1]);
  const wanted = Array.from({ length: steps }, (_, i) => wordsOf(i + 1));
  return once.length === wanted.length && once.every((word, i) => word === wanted[i]) ? [] : [once.join(", ")];
};

/**
 * The most steps that one dossier got twice. Its exchanges are sent one at a time and settled before the next: one kill leaves one of
 * them in doubt at most, among the calls in flight or in the batch that was not settled (design section 6, "Leases").
 */
export const mostRepeated = (
  dossiers: Iterable<{ readonly steps: readonly { readonly repeated: boolean }[] }>,
): number => Math.max(0, ...[...dossiers].map(({ steps }) => steps.filter(({ repeated }) => repeated).length));

/** The same for every dossier of a load, at a portal of the test's own. */
export const disorders = ({ portal }: Portal, codes: readonly string[], steps: number): string[] =>
  codes.flatMap((code) => {
    const held = portal.state.dossiers.get(code);
    const words = (held?.steps ?? []).map(({ step }) => step.NoiDungXuLy ?? "");
    return disorderOf(words, steps).map((found) => `${code}: ${found}`);
  });
