import process from "node:process";
import { createInterface } from "node:readline";
import { hashSecret } from "./secrets.ts";

/** Shorter ones can be guessed by trying, whatever the hash. */
const MIN_CHARACTERS = 12;

const firstLine = async (): Promise<string> => {
  // Standard input, not an argument: arguments stand in the process list and in the shell's history.
  for await (const line of createInterface({ input: process.stdin })) return line;
  return "";
};

if (process.stdin.isTTY) console.error("Type the secret, then Enter (it is shown as you type):");
const secret = await firstLine();
if (secret.length < MIN_CHARACTERS) {
  console.error(`The secret must have at least ${MIN_CHARACTERS} characters. Usage: npm run secret:hash < file`);
  process.exitCode = 1;
} else {
  console.log(await hashSecret(secret));
}
