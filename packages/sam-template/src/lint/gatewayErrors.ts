/** Checks that front ends can read the errors of API Gateway itself (429, 413, 504 …). */
import { finding, resourcesOf, type Rule } from './rule';

const ORIGIN = 'gatewayresponse.header.access-control-allow-origin';
const VARY = 'gatewayresponse.header.vary';

export const gatewayErrors: Rule = (subject) =>
  subject.apis.flatMap(({ logicalId, gatewayResponses }) => {
    const api = resourcesOf(subject, 'AWS::ApiGateway::RestApi').find(
      (resource) => resource.logicalId === logicalId,
    );
    return ['DEFAULT_4XX', 'DEFAULT_5XX'].flatMap((type) => {
      const message = missingHeader(gatewayResponses.get(type)?.responseParameters, type);
      if (message === undefined) return [];
      const declared = resourcesOf(subject, 'AWS::ApiGateway::GatewayResponse').find(
        ({ properties }) => properties.ResponseType === type && properties.RestApiId === logicalId,
      );
      const place = declared ?? api ?? { logicalId, line: 1 };
      const fix = `In the ResponseParameters of the AWS::ApiGateway::GatewayResponse ${type}, set gatewayresponse.header.Access-Control-Allow-Origin and, if it returns the origin of the request, gatewayresponse.header.Vary`;
      return [finding('gateway-errors', place, message, fix)];
    });
  });

/** Returns the message of the finding, or undefined if the CORS headers are complete. */
function missingHeader(parameters: Readonly<Record<string, string>> | undefined, type: string) {
  if (parameters === undefined)
    return `the API has no GatewayResponse ${type}, so the browser reports a CORS error instead of the error`;
  const headers = new Map(Object.entries(parameters).map(([name, value]) => [name.toLowerCase(), value]));
  const origin = headers.get(ORIGIN);
  if (origin === undefined)
    return `the GatewayResponse ${type} has no Access-Control-Allow-Origin, so the browser reports a CORS error instead of the error`;
  const reflects = origin.startsWith('method.request.');
  if (reflects && !headers.has(VARY))
    return `the GatewayResponse ${type} returns the origin of the request without Vary: Origin`;
  return undefined;
}
