import type { Context } from "hono";
import type { Language } from "../../contracts/text.ts";
import type { Gateway } from "../gateway.ts";
import type { Officer } from "../security/access-tokens.ts";
import type { Client } from "../security/client-registry.ts";
import type { Scope } from "../security/scopes.ts";

/** Who a valid token stands for. */
export interface Principal {
  readonly client: Client;
  /** Canonical agency code: the boundary of everything the call reaches. */
  readonly agency: string;
  readonly scopes: readonly Scope[];
  /** Absent: the client calls on its own behalf. */
  readonly officer?: Officer;
}

/** What a request carries through the middleware. On the path of every call read it by `c.get`: `c.var` copies all of it each time. */
export interface AppEnvironment {
  Variables: {
    gateway: Gateway;
    correlationId: string;
    language: Language;
    principal: Principal;
    /** The call was refused for its client's own limit. */
    limited: boolean;
    /** The route's own path, for metrics: never the address with its values. */
    routePath: string;
  };
}

/** A request on its way. */
export type AppContext = Context<AppEnvironment>;
