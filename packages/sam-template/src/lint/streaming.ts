/** Answers that stream need a URI of their own, and a function that runs as long as they may take. */
import { number, record, text } from '../api/properties';
import { finding, resourcesOf, type Rule } from './finding';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html */
const STREAMING_URI = /:lambda:path\/2021-11-15\/functions\/.+\/response-streaming-invocations$/;

/** Seconds that a function has where nothing is said. */
const DEFAULT_FUNCTION_TIMEOUT = 3;

/** ResponseTransferMode and Uri agree. */
export const streamingUri: Rule = (subject) =>
  resourcesOf(subject, 'AWS::ApiGateway::Method').flatMap((method) => {
    const integration = record(method.properties, 'Integration');
    const streams = text(integration, 'ResponseTransferMode') === 'STREAM';
    const uri = text(integration, 'Uri') ?? '';
    if (!uri.includes(':lambda:path/') || streams === STREAMING_URI.test(uri)) return [];
    return streams
      ? [
          finding(
            'streaming-uri',
            method,
            'it streams, but its Uri is that of buffered answers',
            'Take …:lambda:path/2021-11-15/functions/…/response-streaming-invocations',
          ),
        ]
      : [
          finding(
            'streaming-uri',
            method,
            'its Uri is that of streamed answers, but it does not stream',
            'Set ResponseTransferMode: STREAM on its Integration',
          ),
        ];
  });

/** The function is not stopped in the middle of an answer that the integration still waits for. */
export const streamingTimeout: Rule = ({ apis, resolved }) =>
  apis
    .flatMap(({ methods }) => methods.filter(({ integration }) => integration.streams))
    .flatMap((method) => {
      const { functionId, timeoutMillis } = method.integration;
      const called = resolved.resources.find(({ logicalId }) => logicalId === functionId);
      if (called === undefined) return [];
      const timeout = number(
        { ...record(resolved.globals, 'Function'), ...called.properties },
        'Timeout',
        DEFAULT_FUNCTION_TIMEOUT,
      );
      if (timeout * 1000 >= timeoutMillis) return [];
      const reason = `it waits ${timeoutMillis} ms for ${called.logicalId}, which is stopped after ${timeout} s`;
      return [
        finding(
          'streaming-timeout',
          method,
          reason,
          `Set Timeout: ${Math.ceil(timeoutMillis / 1000)} on the function`,
        ),
      ];
    });
