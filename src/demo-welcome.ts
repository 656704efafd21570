import { DEMO_CLIENT, DEMO_OPERATOR, DEMO_PORTAL_KEY } from "./demo-settings.ts";

const EXAMPLE = {
  procedureCode: "2.000591",
  channel: "counter",
  applicant: { type: "citizen", name: "Trần Thị Ví Dụ", identities: [{ kind: "personal-id", value: "001199000001" }] },
  summary: "Cấp giấy chứng nhận (ví dụ)",
  receivedAt: "2026-11-20T09:15:00+07:00",
  status: "accepted",
  delivery: "counter",
  processingUnit: { code: "H04.15", name: "Sở Công Thương" },
};

/** One command that fetches a token and syncs a dossier. */
const example = (url: string): string =>
  `TOKEN=$(curl -s -u ${DEMO_CLIENT.id}:${DEMO_CLIENT.secret} -d grant_type=client_credentials ${url}/oauth/token | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/'); curl -i -X PUT ${url}/v1/dossiers/H04.15-261120-0001 -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '${JSON.stringify(EXAMPLE)}'`;

/** The addresses that `npm run demo` looks for unless it is told others. */
const DEMO_GATEWAY = "http://127.0.0.1:8080";
const DEMO_SIMULATOR = "http://127.0.0.1:8091";

/** The command that sends the sample month, with the addresses it would not find by itself. */
const demoCommand = (url: string, simulators: readonly { platform: string; url: string }[]): string => {
  const simulator = simulators.find(({ platform }) => platform === "national-portal")?.url ?? DEMO_SIMULATOR;
  const gateway = url === DEMO_GATEWAY ? "" : `GATEWAY_URL=${url} `;
  return `${gateway}${simulator === DEMO_SIMULATOR ? "" : `NATIONAL_PORTAL_SIMULATOR_URL=${simulator} `}npm run demo`;
};

/** Which of the demonstration's credentials are in force: none of those that the settings replaced. */
export interface DemoInForce {
  readonly client: boolean;
  readonly operator: boolean;
  /** The key that the portal shows when it calls. */
  readonly portalKey: boolean;
}

const tryIt = (url: string, demo: string): string => `
Sync a dossier:

${example(url)}

Then look at the console, at the simulator, and at ${url}/v1/ledger. A month of dossiers: ${demo}
`;

/** What `npm start` tells a newcomer: where everything is, the demo credentials, and one command to try. */
export const welcome = (
  url: string,
  simulators: readonly { platform: string; url: string }[],
  inForce: DemoInForce,
): string => `
Liên Thông Gateway
  API        ${url}/v1            description ${url}/openapi.json, pages ${url}/docs
  Console    ${url}/console       ${inForce.operator ? `operator ${DEMO_OPERATOR.id}, password ${DEMO_OPERATOR.secret}` : "operators as in OPERATORS"}
${simulators.map((simulator) => `  Simulator  ${simulator.url}  plays ${simulator.platform}`).join("\n")}
  Portal     ${url}/portal        ${inForce.portalKey ? `X-Api-Key ${DEMO_PORTAL_KEY}` : "key as in NATIONAL_PORTAL_INBOUND_KEYS"}
  Client     ${inForce.client ? `${DEMO_CLIENT.id} with secret ${DEMO_CLIENT.secret}` : "clients as in CLIENTS"}
${inForce.client ? tryIt(url, demoCommand(url, simulators)) : ""}`;
