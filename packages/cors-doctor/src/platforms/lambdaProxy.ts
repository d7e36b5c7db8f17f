/** A function behind API Gateway's proxy integration, whose answers carry its own headers and no others. */
import { lacksOrigin } from '../evidence';
import { finding } from '../finding';
import { needsOf } from '../needs';
import { isGatewayError, isRestApi } from './apiGateway';
import { functionHeaders } from './gatewayLines';
import type { Platform } from './platform';

export const lambdaProxy: Platform = {
  name: 'an integration behind API Gateway',
  matches: (answer) => isRestApi(answer) && !isGatewayError(answer),
  explain(evidence) {
    const { request, preflight } = evidence;
    if (!lacksOrigin(evidence) || request === undefined || isGatewayError(request)) return [];
    return [
      finding(
        'function-without-cors',
        'error',
        `${preflight === undefined ? '' : 'The preflight passed, but that was answered by API Gateway. '}The function's own answer has no Access-Control-Allow-Origin, and a proxy integration adds none, whatever Cors: says. (sam local does add it, so that this passes locally.)`,
        'Let the function return these headers, on errors as well.',
        functionHeaders(needsOf(evidence.call)),
      ),
    ];
  },
};
