import { expect, test } from "vitest";
import { startSimulator } from "../../mocks/start-simulator.ts";
import { createNodeTransport } from "../../src/runtime/node-transport.ts";
import { handClock, memoryCache } from "../adapters/call-context.ts";
import { asking, openAdapter } from "../adapters/enterprise/profile-scene.ts";

test.each([undefined, "dkkd-v1", "dkkd-v2", "dkkd-hcm"])(
  "npm start plays the registers for profile %s, with settings that reach them",
  async (profile) => {
    const chosen = profile === undefined ? {} : { ENTERPRISE_PROFILE: profile };
    const place = { dataDir: ".", port: 0, agencyCode: "000.00.00.H04", settings: chosen };
    const simulator = await startSimulator("enterprise", place);
    if (simulator === null) throw new Error("no simulator");
    const { transport, close } = createNodeTransport({ connections: 1, connectTimeoutMs: 5000 });
    const clock = handClock();
    const call = asking(transport, { clock, cache: memoryCache(clock.now) });
    // The token lives by the simulator's own clock, which is the machine's.
    const reading = await call.find(openAdapter({ ...chosen, ...simulator.settings }), "9900000016");
    expect(reading).toMatchObject({ ok: true, value: { code: "9900000016", status: "active" } });
    await close();
    await simulator.close();
  },
);
