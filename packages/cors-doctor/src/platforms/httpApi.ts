/** API Gateway's HTTP APIs, which answer preflights by themselves where CORS is configured. */
import { failsAtPreflight, lacksOrigin } from '../evidence';
import { finding } from '../finding';
import { headerOf, type HttpResponse } from '../headers';
import { needsOf } from '../needs';
import { functionHeaders, httpApiCors } from './gatewayLines';
import type { Platform } from './platform';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html */
export const httpApi: Platform = {
  name: 'API Gateway (HTTP API)',
  matches: isHttpApi,
  explain(evidence) {
    const needs = needsOf(evidence.call);
    const { preflight } = evidence;
    if (failsAtPreflight(evidence) && preflight !== undefined) {
      if (preflight.status === 401 || preflight.status === 403) {
        return [
          finding(
            'route-catches-preflight',
            'error',
            'A route with an authorizer, such as $default or ANY, catches OPTIONS, and a preflight has no credentials.',
            'Configure CORS on the API, and give OPTIONS a route without an authorizer: RouteKey OPTIONS /{proxy+}, AuthorizationType NONE.',
            ["RouteKey: 'OPTIONS /{proxy+}'", 'AuthorizationType: NONE', ...httpApiCors(needs)],
          ),
        ];
      }
      return [
        finding(
          'http-api-cors',
          'error',
          preflight.status === 204
            ? 'The API answers preflights by itself, with 204, and its CORS configuration does not admit this call.'
            : 'No CORS is configured on the API, so that OPTIONS goes to a route, or to none.',
          'Write this in the AWS::Serverless::HttpApi or the AWS::ApiGatewayV2::Api.',
          httpApiCors(needs),
        ),
      ];
    }
    if (!lacksOrigin(evidence)) return [];
    const isConfigured = preflight?.status === 204;
    return [
      finding(
        'http-api-answer',
        'error',
        isConfigured
          ? 'CORS that is configured on the API takes the place of the headers of the integration: those that the function sends are dropped, and the configuration does not admit this origin.'
          : 'The answer has no Access-Control-Allow-Origin: no CORS is configured on the API, and the function sends none.',
        isConfigured
          ? 'Write this in the AWS::Serverless::HttpApi or the AWS::ApiGatewayV2::Api.'
          : 'Configure CORS on the API, or let the function return these headers.',
        isConfigured ? httpApiCors(needs) : [...httpApiCors(needs), ...functionHeaders(needs)],
      ),
    ];
  },
};

export function isHttpApi(answer: HttpResponse): boolean {
  return headerOf(answer, 'apigw-requestid') !== undefined;
}
