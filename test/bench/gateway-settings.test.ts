import { expect, test } from "vitest";
import { nodeFlagsOf } from "./gateway-settings.ts";

test("a gateway of the benchmark runs with the flags that the npm script gives to node", () => {
  expect(nodeFlagsOf("exec node src/node.ts start")).toBe("");
  expect(nodeFlagsOf("exec node --max-semi-space-size=8 --enable-source-maps src/node.ts start")).toBe(
    "--max-semi-space-size=8 --enable-source-maps",
  );
  expect(nodeFlagsOf("vitest run")).toBe("");
});
