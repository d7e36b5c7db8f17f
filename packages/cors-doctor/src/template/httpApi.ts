/** What goes wrong with HTTP APIs, whose routes are not emulated: their CORS configuration alone. No I/O. */
import { flag, list, record, text } from 'sam-template';
import { templateFinding, type TemplateFinding } from './finding';
import type { TemplateSubject } from './subject';

const TYPES = /^AWS::(?:Serverless::HttpApi|ApiGatewayV2::Api)$/;

export function httpApiFindings({ resolved }: TemplateSubject): TemplateFinding[] {
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
            'no CorsConfiguration: OPTIONS goes to a route, or gets 404, and answers have no CORS headers but the function’s own',
            'Write this in its Properties; it then takes the place of the CORS headers of the function.',
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
          'AllowCredentials with the origin *: the deployment fails, and a browser would refuse it',
          'Name the origins.',
          ["AllowOrigins: ['http://localhost:5173']"],
        ),
      ];
    });
}
