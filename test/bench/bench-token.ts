import { DEMO_CLIENT } from "../../src/demo-settings.ts";

/** An application that answers requests without a socket. */
interface Requestable {
  request(path: string, init: RequestInit): Response | Promise<Response>;
}

/** A token of the demonstration's client. */
export const issueToken = async (app: Requestable): Promise<string> => {
  const answer = await app.request("/oauth/token", {
    method: "POST",
    body: new URLSearchParams({ grant_type: "client_credentials" }),
    headers: { authorization: `Basic ${btoa(`${DEMO_CLIENT.id}:${DEMO_CLIENT.secret}`)}` },
  });
  return ((await answer.json()) as { access_token: string }).access_token;
};
