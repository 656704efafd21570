/** X-Road in its own words: message protocol for REST 1.0 (`r1`) and message protocol 4.0 for SOAP (registries section 6). */

/** Headers of REST messages, in lower case (registries section 6.2). */
export const XROAD_HEADERS = {
  /** Request and answer: `instance/class/member/subsystem`, each part percent-encoded. */
  client: "x-road-client",
  /** Answer: the service that answered, in the same form. */
  service: "x-road-service",
  /** Request and answer: unique; a UUID. */
  id: "x-road-id",
  userId: "x-road-userid",
  issue: "x-road-issue",
  /** Answer: the id that the security servers gave the request. */
  requestId: "x-road-request-id",
  /** Answer: base64 of a SHA-512. */
  requestHash: "x-road-request-hash",
  /** Answer: present only when X-Road itself failed; the type of the error. */
  error: "x-road-error",
} as const;

/** The first part of a REST path. */
export const REST_PROTOCOL = "r1";

/** What X-Road answers in place of a service, for REST (registries section 6.3). */
export interface XRoadRestError {
  readonly type: string;
  readonly message: string;
  /** A UUID for whoever runs the security server. */
  readonly detail: string;
}

/** SOAP 1.1. */
export const SOAP_NAMESPACE = "http://schemas.xmlsoap.org/soap/envelope/";

/** The headers `client`, `service`, `id`, `userId`, `issue`, `protocolVersion` (registries section 6.1). */
export const XROAD_NAMESPACE = "http://x-road.eu/xsd/xroad.xsd";

/** The parts of an identifier, and the attribute `objectType`. */
export const IDENTIFIERS_NAMESPACE = "http://x-road.eu/xsd/identifiers";

/** The one value of `protocolVersion`. */
export const SOAP_PROTOCOL_VERSION = "4.0";
