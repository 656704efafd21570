/**
 * What `npm start` stands in with for absent settings, so that a newcomer needs none. Production never sees it:
 * `npm run serve` and the Worker read their settings without these.
 */
export const DEMO_CLIENT = { id: "demo", secret: "demo-secret-for-npm-start-only" } as const;

/** The operator of the console in `npm start`. */
export const DEMO_OPERATOR = { id: "operator", secret: "demo-operator-for-npm-start-only" } as const;

/** The key that the national portal shows in `npm start`. */
export const DEMO_PORTAL_KEY = "demo-portal-key-for-npm-start-only";

/** The agency that `npm start` plays. */
const AGENCY = "000.00.00.H04";

/** Settings by name. */
export const demoSettings = (agencyCode = AGENCY): Readonly<Record<string, string>> => ({
  PROVINCE_CODE: "H04",
  AGENCY_CODE: AGENCY,
  CLIENTS: JSON.stringify([{ ...DEMO_CLIENT, scopes: ["*"], agency: agencyCode }]),
  OPERATORS: JSON.stringify([{ ...DEMO_OPERATOR, role: "operator" }]),
  NATIONAL_PORTAL_INBOUND_KEYS: DEMO_PORTAL_KEY,
});
