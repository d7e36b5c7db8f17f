/** Checks that a streamed response has the streaming URI and a function that may run long enough. */
import { number, record, text } from '../api/properties';
import { finding, resourcesOf, type Rule } from './rule';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html */
const STREAMING_URI = /:lambda:path\/2021-11-15\/functions\/.+\/response-streaming-invocations$/;

/** Used if the function has no Timeout. */
const DEFAULT_TIMEOUT_SECONDS = 3;

/** Requires the streaming URI if ResponseTransferMode is STREAM, and only then. */
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
            'ResponseTransferMode is STREAM, but Uri is the one for buffered responses',
            'Set Uri to …:lambda:path/2021-11-15/functions/…/response-streaming-invocations',
          ),
        ]
      : [
          finding(
            'streaming-uri',
            method,
            'Uri is the one for streamed responses, but ResponseTransferMode is not STREAM',
            'Set ResponseTransferMode: STREAM in its Integration',
          ),
        ];
  });

/** Requires that the function may run as long as the integration waits for its response. */
export const streamingTimeout: Rule = ({ apis, resolved }) =>
  apis
    .flatMap(({ methods }) => methods.filter(({ integration }) => integration.streams))
    .flatMap((method) => {
      const { functionId, timeoutMillis } = method.integration;
      const lambda = resolved.resources.find(({ logicalId }) => logicalId === functionId);
      if (lambda === undefined) return [];
      const timeout = number(
        { ...record(resolved.globals, 'Function'), ...lambda.properties },
        'Timeout',
        DEFAULT_TIMEOUT_SECONDS,
      );
      if (timeout * 1000 >= timeoutMillis) return [];
      const message = `the integration waits ${timeoutMillis} ms for ${lambda.logicalId}, but the function times out after ${timeout} s`;
      return [
        finding(
          'streaming-timeout',
          method,
          message,
          `Set Timeout: ${Math.ceil(timeoutMillis / 1000)} on the function ${lambda.logicalId}`,
        ),
      ];
    });
