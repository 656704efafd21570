/**
 * A refusal of the token endpoint, in OAuth's words (RFC 6749 section 5.2): the one route without problem documents
 * (api section 2). Body: `error` and `error_description`; the description is ASCII without quotes and backslashes.
 */
export interface OAuthError {
  readonly error:
    | "invalid_request"
    | "invalid_client"
    | "invalid_grant"
    | "unauthorized_client"
    | "unsupported_grant_type"
    | "invalid_scope";
  readonly error_description: string;
  readonly status: 400 | 401;
  /** Extra response headers, names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The request breaks a rule of the protocol. */
export const invalidRequest = (description: string): OAuthError => ({
  error: "invalid_request",
  error_description: description,
  status: 400,
});

/** One answer for every failed authentication: whoever probes learns nothing from it. */
export const invalidClient = (): OAuthError => ({
  error: "invalid_client",
  error_description:
    "Client authentication failed. In HTTP Basic, id and secret are form-url-encoded first (RFC 6749 section 2.3.1).",
  status: 401,
  headers: { "www-authenticate": 'Basic realm="lien-thong-gateway", charset="UTF-8"' },
});

/** A scope was asked for that does not exist or is not the client's. */
export const invalidScope = (): OAuthError => ({
  error: "invalid_scope",
  error_description: "A requested scope is unknown or not granted to this client.",
  status: 400,
});

/** The assertion of a grant is not believed: whoever probes learns nothing from it. */
export const invalidGrant = (): OAuthError => ({
  error: "invalid_grant",
  error_description: "The assertion is not valid, has expired, or was used before.",
  status: 400,
});
