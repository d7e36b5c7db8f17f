/** Checks the CORS configuration of HTTP APIs. Their routes are not examined. No I/O. */
import { flag, list, record, type TemplateFinding, text } from 'sam-template';
import { templateFinding } from './finding';
import type { TemplateApis } from './templateApis';

const TYPES = /^AWS::(?:Serverless::HttpApi|ApiGatewayV2::Api)$/;

export function httpApiFindings({ resolved }: TemplateApis): TemplateFinding[] {
  return resolved.resources
    .filter(({ type, properties }) => TYPES.test(type) && text(properties, 'ProtocolType') !== 'WEBSOCKET')
    .flatMap((api) => {
      const { CorsConfiguration } = { ...record(resolved.globals, 'HttpApi'), ...api.properties };
      if (CorsConfiguration === undefined) {
        return [
          templateFinding(
            api,
            'http-api-cors',
            'error',
            'CorsConfiguration is missing. OPTIONS needs a route of its own or returns 404, and responses have only the CORS headers of the function.',
            'Add this to its Properties. It replaces the CORS headers of the function.',
            [
              'CorsConfiguration:',
              "  AllowOrigins: ['http://localhost:5173']",
              '  AllowMethods: [POST]',
              '  AllowHeaders: [Content-Type]',
            ],
          ),
        ];
      }
      const cors = record({ CorsConfiguration }, 'CorsConfiguration');
      if (!flag(cors, 'AllowCredentials') || !list(cors, 'AllowOrigins').includes('*')) return [];
      return [
        templateFinding(
          api,
          'http-api-wildcard-credentials',
          'error',
          'AllowCredentials with the origin *: the deployment fails, and browsers block this combination.',
          'List the origins.',
          ["AllowOrigins: ['http://localhost:5173']"],
        ),
      ];
    });
}
