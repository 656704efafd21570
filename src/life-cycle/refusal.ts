import { GatewayError } from "../../contracts/errors.ts";
import type { LifeCyclePolicy } from "../../contracts/services/life-cycle.ts";
import type { Finding } from "./finding.ts";

/** Pure: the refusal that the policy asks for, naming every broken rule it refuses by; null: they are warnings. */
export const refusalOf = (findings: readonly Finding[], policy: LifeCyclePolicy): GatewayError | null => {
  const refused = findings.filter(({ rule }) => policy.rules[rule] === "refuse");
  const [first] = refused;
  if (first === undefined) return null;
  return new GatewayError("lifecycle_refused", {
    detail: first.message,
    errors: refused.map(({ rule, field, message }) => ({ field, code: rule, message })),
  });
};
