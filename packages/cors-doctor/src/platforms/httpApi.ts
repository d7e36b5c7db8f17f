/** API Gateway HTTP APIs. They respond to preflights themselves if CORS is configured. */
import { failsAtPreflight, lacksOrigin } from '../evidence';
import { finding } from '../finding';
import { headerOf, type HttpResponse } from '../headers';
import { requiredBy } from './lines';
import { functionHeaders, httpApiCors } from './templateLines';
import type { Platform } from './platform';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html */
export const httpApi: Platform = {
  name: 'API Gateway (HTTP API)',
  detect: (response) => (isHttpApi(response) ? 'certain' : undefined),
  allow: (evidence) => ({ description: WHERE, lines: httpApiCors(requiredBy(evidence)) }),
  explain(evidence) {
    const required = requiredBy(evidence);
    const { preflight } = evidence;
    if (failsAtPreflight(evidence) && preflight !== undefined) {
      if (preflight.status === 401 || preflight.status === 403) {
        return [
          finding(
            'route-catches-preflight',
            'error',
            'A route with an authorizer, such as $default or ANY, also handles OPTIONS, but a preflight has no credentials.',
            'Configure CORS on the API, and add a route for OPTIONS without an authorizer: RouteKey OPTIONS /{proxy+}, AuthorizationType NONE.',
            ["RouteKey: 'OPTIONS /{proxy+}'", 'AuthorizationType: NONE', ...httpApiCors(required)],
          ),
        ];
      }
      return [
        finding(
          'http-api-cors',
          'error',
          preflight.status === 204
            ? 'The API itself responds to preflights with 204, but its CORS configuration does not allow this request.'
            : 'CORS is not configured on the API, so OPTIONS needs a route of its own.',
          WHERE,
          httpApiCors(required),
        ),
      ];
    }
    if (!lacksOrigin(evidence)) return [];
    const isConfigured = preflight?.status === 204;
    return [
      finding(
        'http-api-response',
        'error',
        isConfigured
          ? 'The CORS configuration of the API replaces the CORS headers of the function, and it does not allow this origin.'
          : 'The response has no Access-Control-Allow-Origin: CORS is not configured on the API, and the function does not send the header.',
        isConfigured ? WHERE : 'Configure CORS on the API, or let the function return these headers.',
        isConfigured ? httpApiCors(required) : [...httpApiCors(required), ...functionHeaders(required)],
      ),
    ];
  },
};

const WHERE = 'Add this to the AWS::Serverless::HttpApi or the AWS::ApiGatewayV2::Api.';

export function isHttpApi(response: HttpResponse): boolean {
  return headerOf(response, 'apigw-requestid') !== undefined;
}
