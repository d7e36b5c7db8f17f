/** Errors of the gateway itself (429, 413, 504 …) can be read by pages. */
import { finding, resourcesOf, type Rule } from './finding';

const ORIGIN = 'gatewayresponse.header.access-control-allow-origin';
const VARY = 'gatewayresponse.header.vary';

export const gatewayErrors: Rule = (subject) =>
  subject.apis.flatMap(({ logicalId, gatewayResponses }) => {
    const api = resourcesOf(subject, 'AWS::ApiGateway::RestApi').find((one) => one.logicalId === logicalId);
    return ['DEFAULT_4XX', 'DEFAULT_5XX'].flatMap((type) => {
      const reason = reasonAgainst(gatewayResponses.get(type)?.responseParameters, type);
      if (reason === undefined) return [];
      const declared = resourcesOf(subject, 'AWS::ApiGateway::GatewayResponse').find(
        ({ properties }) => properties.ResponseType === type && properties.RestApiId === logicalId,
      );
      const place = declared ?? api ?? { logicalId, line: 1 };
      const mend = `Give the AWS::ApiGateway::GatewayResponse ${type} ResponseParameters with gatewayresponse.header.Access-Control-Allow-Origin`;
      return [finding('gateway-errors', place, reason, mend)];
    });
  });

function reasonAgainst(parameters: Readonly<Record<string, string>> | undefined, type: string) {
  if (parameters === undefined)
    return `there is no GatewayResponse ${type}: a page sees a CORS error instead`;
  const headers = new Map(Object.entries(parameters).map(([name, value]) => [name.toLowerCase(), value]));
  const origin = headers.get(ORIGIN);
  if (origin === undefined) return 'it has no Access-Control-Allow-Origin: a page sees a CORS error instead';
  const reflects = origin.startsWith('method.request.');
  if (reflects && !headers.has(VARY)) return "it repeats the request's origin without Vary: Origin";
  return undefined;
}
