/** Where the demonstration sends its month, and as whom. */
export interface DemoSettings {
  /** `GATEWAY_URL`: base address of the gateway, without a slash at its end. */
  readonly gatewayUrl: string;
  /** `GATEWAY_CLIENT` and `GATEWAY_SECRET`: a client with the scopes `dossiers:write` and `ledger:read`. */
  readonly client: string;
  readonly secret: string;
  /** `NATIONAL_PORTAL_SIMULATOR_URL`: the simulator that `npm start` printed, asked for what it holds. */
  readonly simulatorUrl: string;
  /** `NATIONAL_PORTAL_PUSH_KEY`: the key that the simulator shows the gateway when it pushes. */
  readonly pushKey: string;
}

/** What `npm start` serves when nothing is configured; a test compares the client with the gateway's own demo client. */
export const DEMO_DEFAULTS = {
  gatewayUrl: "http://127.0.0.1:8080",
  client: "demo",
  secret: "demo-secret-for-npm-start-only",
  simulatorUrl: "http://127.0.0.1:8091",
  pushKey: "demo-portal-key-for-npm-start-only",
} as const satisfies DemoSettings;

const address = (name: string, given: string | undefined, fallback: string): string => {
  const text = given || fallback;
  if (!(URL.canParse(text) && /^https?:$/u.test(new URL(text).protocol)))
    throw new Error(`${name} is not an http or https address`);
  return text.replace(/\/+$/u, "");
};

/** Reads the demonstration's settings; empty is absent. @throws Error naming the setting that is no address. */
export const readDemoSettings = (environment: Readonly<Record<string, string | undefined>>): DemoSettings => ({
  gatewayUrl: address("GATEWAY_URL", environment["GATEWAY_URL"], DEMO_DEFAULTS.gatewayUrl),
  client: environment["GATEWAY_CLIENT"] || DEMO_DEFAULTS.client,
  secret: environment["GATEWAY_SECRET"] || DEMO_DEFAULTS.secret,
  simulatorUrl: address(
    "NATIONAL_PORTAL_SIMULATOR_URL",
    environment["NATIONAL_PORTAL_SIMULATOR_URL"],
    DEMO_DEFAULTS.simulatorUrl,
  ),
  pushKey: environment["NATIONAL_PORTAL_PUSH_KEY"] || DEMO_DEFAULTS.pushKey,
});
