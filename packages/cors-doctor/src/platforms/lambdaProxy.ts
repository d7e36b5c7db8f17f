/** A function behind an API Gateway proxy integration, which adds no headers to the function's response. */
import { lacksOrigin } from '../evidence';
import { finding } from '../finding';
import { requirementsOf } from '../corsRequirements';
import { isGatewayError, isRestApi } from './apiGateway';
import { functionHeaders } from './templateLines';
import type { Platform } from './platform';

export const lambdaProxy: Platform = {
  name: 'an integration behind API Gateway',
  matches: (response) => isRestApi(response) && !isGatewayError(response),
  explain(evidence) {
    const { request, preflight } = evidence;
    if (!lacksOrigin(evidence) || request === undefined || isGatewayError(request)) return [];
    return [
      finding(
        'function-without-cors',
        'error',
        `${preflight === undefined ? '' : 'The preflight passed because API Gateway responded to it. '}The function's response has no Access-Control-Allow-Origin, and a proxy integration does not add it, even if Cors: is set. (sam local does add it, so the request passes locally.)`,
        'Return these headers from the function, on errors too.',
        functionHeaders(requirementsOf(evidence.call)),
      ),
    ];
  },
};
