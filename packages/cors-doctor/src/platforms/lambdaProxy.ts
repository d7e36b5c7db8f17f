/** A function behind an API Gateway proxy integration, which adds no headers to the function's response. */
import { lacksOrigin } from '../evidence';
import { finding } from '../finding';
import { requiredBy } from './lines';
import { isGatewayError, isRestApi } from './apiGateway';
import { isFunctionUrl } from './functionUrl';
import { functionHeaders } from './templateLines';
import type { Platform } from './platform';

export const lambdaProxy: Platform = {
  name: 'an integration behind API Gateway',
  detect: (response, { hostname }) =>
    isRestApi(response) && !isGatewayError(response) && !isFunctionUrl(hostname) ? 'certain' : undefined,
  sender: 'the function',
  allow: (evidence) => ({
    description: 'Return these headers from the function, on errors too.',
    lines: functionHeaders(requiredBy(evidence)),
  }),
  explain(evidence) {
    const { request, preflight } = evidence;
    if (!lacksOrigin(evidence) || request === undefined || isGatewayError(request)) return [];
    return [
      finding(
        'function-without-cors',
        'error',
        `${preflight === undefined ? '' : 'The preflight passed because API Gateway responded to it. '}The function's response has no Access-Control-Allow-Origin, and a proxy integration does not add it, even if Cors: is set. (sam local does add it, so the request passes locally.)`,
        'Return these headers from the function, on errors too.',
        functionHeaders(requiredBy(evidence)),
      ),
    ];
  },
};
