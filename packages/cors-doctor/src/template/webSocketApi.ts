/** Notes WebSocket APIs: browsers open them without CORS, so the function must check the origin. No I/O. */
import { type TemplateFinding, text } from 'sam-template';
import { templateFinding } from './finding';
import type { TemplateApis } from './templateApis';

export function webSocketFindings({ resolved }: TemplateApis): TemplateFinding[] {
  return resolved.resources
    .filter(
      ({ type, properties }) =>
        type === 'AWS::Serverless::WebSocketApi' || text(properties, 'ProtocolType') === 'WEBSOCKET',
    )
    .map((api) =>
      templateFinding(
        api,
        'web-socket-api',
        'note',
        'This WebSocket API is not examined, because CORS does not apply to WebSockets: any web page can connect.',
        'Check the header Origin in the function of the route $connect.',
      ),
    );
}
