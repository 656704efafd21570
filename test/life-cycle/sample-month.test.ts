import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Dossier, DossierEvent } from "../../contracts/services/dossier.ts";
import { factsAfterEvent, factsAfterPut, type StoredLife } from "../../src/life-cycle/facts.ts";
import { judgeEvent } from "../../src/life-cycle/judge-event.ts";
import { judgePut } from "../../src/life-cycle/judge-put.ts";
import { brokenBy, rulebookWith } from "./life-scene.ts";

type Step = { readonly at: string } & ({ readonly put: Dossier } | { readonly event: DossierEvent });

const SAMPLE = new URL("../../mocks/samples/bac-giang-2025-04.jsonl", import.meta.url);
const rules = rulebookWith();

const afterPut = (stored: StoredLife | undefined, dossier: Dossier, now: Date): StoredLife => ({
  status: dossier.status,
  receivedAt: Date.parse(dossier.receivedAt),
  putDueAt: dossier.dueAt === undefined ? null : Date.parse(dossier.dueAt),
  facts: factsAfterPut(stored, dossier, now, rules.calendar),
});

test("the sample month goes the usual way: no call of it breaks a rule", () => {
  const lines = readFileSync(SAMPLE, "utf8").trimEnd().split("\n");
  const broken = lines.flatMap((line) => {
    const { code, steps } = JSON.parse(line) as { code: string; steps: Step[] };
    let stored: StoredLife | undefined;
    return steps.flatMap((step) => {
      if ("put" in step) {
        const findings = judgePut(code, step.put, stored, rules);
        stored = afterPut(stored, step.put, new Date(step.at));
        return brokenBy(findings);
      }
      if (stored === undefined) return [`${code} begins with a step`];
      const findings = judgeEvent(step.event, stored, rules);
      stored = { ...stored, status: step.event.status, facts: factsAfterEvent(stored, step.event, rules.calendar) };
      return brokenBy(findings);
    });
  });
  expect(lines).toHaveLength(331);
  expect(broken).toEqual([]);
});
