import type { HttpRequest, Transport } from "../../contracts/adapter.ts";
import type { PlatformXRoad } from "../platform-x-road.ts";
import { fromRest, isOurAnswer, toRest, type XRoadCall } from "./x-road-rest.ts";
import { fromSoap, toSoap } from "./x-road-soap.ts";

const isBelow = (url: string, address: string): boolean =>
  url.startsWith(address) && /^(?:$|[/?])/u.test(url.slice(address.length));

/** An answer that is taken as it comes must be ours too; X-Road's own words are always read as text. */
const receiving = (request: HttpRequest, call: XRoadCall): Pick<HttpRequest, "receive"> => {
  const { receive } = request;
  return receive === undefined ? {} : { receive: (head) => (isOurAnswer(head, call) ? receive(head) : null) };
};

/**
 * Sends what goes to a service behind X-Road through the province's security server, and everything else (such as a
 * token's address that no service stands for) as it is. Whatever X-Road says in the service's place is a
 * `TransportError` whose cause holds the fault (registries section 6).
 *
 * @param newId makes the UUID of a call.
 */
export const overXRoad = (
  transport: Transport,
  { protocol, server, consumer, services }: PlatformXRoad,
  newId: () => string,
): Transport => {
  const ways = protocol === "rest" ? { there: toRest, back: fromRest } : { there: toSoap, back: fromSoap };
  return async (request, options) => {
    const route = services.find(({ address }) => isBelow(request.url, address));
    if (route === undefined) return transport(request, options);
    const rest = request.url.slice(route.address.length);
    const call: XRoadCall = { server, consumer, service: route.service, rest, id: newId() };
    const sent = ways.there({ ...request, ...(protocol === "rest" && receiving(request, call)) }, call);
    return ways.back(await transport(sent, options), call);
  };
};
