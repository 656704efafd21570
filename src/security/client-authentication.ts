import { readBasicCredentials } from "./basic-credentials.ts";
import { type AssertionRules, verifyClientAssertion } from "./client-assertion.ts";
import type { Client } from "./client-registry.ts";
import { invalidClient, invalidRequest, type OAuthError } from "./oauth-error.ts";
import type { SecretVerifier } from "./secrets.ts";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** The parameters that authenticate a client. */
const PARAMETERS = ["client_id", "client_secret", "client_assertion", "client_assertion_type"] as const;

/** No secret is longer; the bound keeps a megabyte from being hashed. */
const MAX_SECRET_CHARACTERS = 1024;

/** The parts of a token request that say who asks. */
export interface AuthenticationRequest {
  /** The `Authorization` header. */
  readonly authorization: string | undefined;
  /** The form-encoded body. */
  readonly form: URLSearchParams;
}

/** Who asks, or the answer to give; `reason` is for the log alone and holds no secret. */
export type ClientAuthentication =
  | { readonly ok: true; readonly client: Client }
  | { readonly ok: false; readonly error: OAuthError; readonly reason: string };

/** What clients are authenticated with. */
export interface ClientAuthenticationRules extends AssertionRules {
  readonly verifySecret: SecretVerifier;
}

const malformed = (description: string): ClientAuthentication => ({
  ok: false,
  error: invalidRequest(description),
  reason: description,
});

const unknown = (reason: string): ClientAuthentication => ({ ok: false, error: invalidClient(), reason });

type Parameters = Partial<Record<(typeof PARAMETERS)[number], string>>;

/** The parameters that have a value: one without counts as absent (RFC 6749 section 3.2). */
const readParameters = (form: URLSearchParams): Parameters =>
  Object.fromEntries(PARAMETERS.map((name) => [name, form.get(name)]).filter(([, value]) => value));

const bySecret = async (
  id: string,
  secret: string,
  rules: ClientAuthenticationRules,
): Promise<ClientAuthentication> => {
  if (secret.length > MAX_SECRET_CHARACTERS) return unknown("the secret is too long");
  const client = rules.findClient(id);
  const proven = await rules.verifySecret(secret, client);
  return client !== undefined && proven ? { ok: true, client } : unknown("no such client, or a wrong secret");
};

const byHeader = (header: string, id: string | undefined, rules: ClientAuthenticationRules) => {
  const credentials = readBasicCredentials(header);
  if (credentials === undefined) return unknown("the Authorization header is not HTTP Basic");
  if (id !== undefined && id !== credentials.id) return malformed("client_id differs from the Authorization header.");
  return bySecret(credentials.id, credentials.secret, rules);
};

const byAssertion = async (parameters: Parameters, rules: ClientAuthenticationRules): Promise<ClientAuthentication> => {
  const { client_assertion: assertion, client_assertion_type: type, client_id: id } = parameters;
  if (type !== ASSERTION_TYPE) return malformed(`client_assertion_type must be ${ASSERTION_TYPE}.`);
  if (assertion === undefined) return malformed("client_assertion is missing.");
  const read = await verifyClientAssertion(assertion, rules);
  if (!read.ok) return unknown(read.reason);
  return id === undefined || id === read.client.id ? read : unknown("client_id is not the one that signed");
};

/**
 * Authenticates the client of a token request (api section 2) by exactly one method: HTTP Basic; `client_id` and
 * `client_secret` in the form; or `private_key_jwt` (RFC 7523). Refusals are values; it rejects only if the store
 * behind `useOnce` does.
 */
export const authenticateClient = async (
  { authorization, form }: AuthenticationRequest,
  rules: ClientAuthenticationRules,
): Promise<ClientAuthentication> => {
  const repeated = [...new Set(form.keys())].some((name) => form.getAll(name).length > 1);
  if (repeated) return malformed("A parameter is included more than once.");
  const parameters = readParameters(form);
  const { client_id: id, client_secret: secret } = parameters;
  const asserts = parameters.client_assertion !== undefined || parameters.client_assertion_type !== undefined;

  const methods = [authorization !== undefined, secret !== undefined, asserts].filter(Boolean).length;
  if (methods > 1) return malformed("Authenticate the client by one method only.");
  if (authorization !== undefined) return byHeader(authorization, id, rules);
  if (asserts) return byAssertion(parameters, rules);
  if (secret === undefined) return unknown("no client authentication included");
  if (id === undefined) return malformed("client_id is missing.");
  return bySecret(id, secret, rules);
};
