import { z } from "zod";
import { principalMembers, type Registry, type RegistryMode, readRegistry, withCredentialRules } from "./principals.ts";
import type { SettingReading } from "./setting-reading.ts";

/** The roles of the console, each with all that the one before it may do, and more (design section 8, `OPERATORS`). */
export const OPERATOR_ROLES = ["viewer", "operator", "approver", "administrator"] as const;

/** One role. */
export type OperatorRole = (typeof OPERATOR_ROLES)[number];

/**
 * What can be done in the console. `view`: read every page, bodies masked; `operate`: retry, cancel, replay, propose a
 * correction, pause and resume a platform; `approve`: let another person's proposal through; `administer`: change
 * windows, calendar and policies, read the audit.
 */
export type OperatorAct = "view" | "operate" | "approve" | "administer";

const ACTS_OF: Readonly<Record<OperatorRole, readonly OperatorAct[]>> = {
  viewer: ["view"],
  operator: ["view", "operate"],
  approver: ["view", "operate", "approve"],
  administrator: ["view", "operate", "approve", "administer"],
};

/** Whether a role may do something. That nobody approves their own proposal is for the approval to check, whatever the role. */
export const roleAllows = (role: OperatorRole, act: OperatorAct): boolean => ACTS_OF[role].includes(act);

const operator = z.strictObject({ ...principalMembers, role: z.enum(OPERATOR_ROLES) });

/** A person who may use the console: one item of `OPERATORS`. */
export type Operator = Readonly<z.infer<typeof operator>>;

/** The operators of the deployment. */
export type OperatorRegistry = Registry<Operator>;

/** Reads `OPERATORS`, a JSON array. */
export const parseOperators = (source: string, mode: RegistryMode): SettingReading<OperatorRegistry> =>
  readRegistry("OPERATORS", source, withCredentialRules(operator, mode));
