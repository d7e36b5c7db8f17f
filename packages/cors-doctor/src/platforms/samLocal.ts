/** `sam local start-api`, which is Flask on Werkzeug and answers as API Gateway would, mostly. */
import { failsAtPreflight, lacksOrigin, messageOf } from '../evidence';
import { finding } from '../finding';
import { headerOf, type HttpResponse } from '../headers';
import { needsOf } from '../needs';
import { functionHeaders, optionsMethod, samCors } from './gatewayLines';
import type { Platform } from './platform';

/** Messages that it has of API Gateway. */
const MESSAGES = /^(?:Missing Authentication Token|Internal server error|Unauthorized)$/;

export const samLocal: Platform = {
  name: 'sam local',
  matches: isSamLocal,
  explain(evidence) {
    const needs = needsOf(evidence.call);
    const { preflight, request, call } = evidence;
    if (failsAtPreflight(evidence) && preflight?.status === 403) {
      return [
        finding(
          'sam-local-no-options',
          'error',
          '"Missing Authentication Token": sam local knows no OPTIONS on this path. It takes its routes from one kind of resource alone, that of the first in the file: behind an AWS::Serverless::* resource all AWS::ApiGateway::* ones are ignored.',
          'Either let the AWS::Serverless::Api have the first lines, or keep to AWS::ApiGateway::* resources, move them before the function, take its Events away, and declare OPTIONS as in the lines after them. npm run doctor -- template.yaml says which it is.',
          [...samCors(needs), ...optionsMethod(needs)],
        ),
      ];
    }
    if (request?.status === 403 && messageOf(request) === 'Missing Authentication Token') {
      return [
        finding(
          'sam-local-no-method',
          'error',
          `sam local knows no ${call.method} on this path: an AWS::ApiGateway::* resource comes first in the template, and Events of functions are then ignored, or the path has the stage in it, which sam local leaves out.`,
          `Declare ${call.method} as an AWS::ApiGateway::Method too, or take the stage from the path.`,
        ),
      ];
    }
    if (request?.status === 502) {
      return [
        finding(
          'sam-local-502',
          'error',
          "The function's answer is none that sam local takes: it threw, or has header names in lower case, or a body that is no string.",
          'Look at the log of sam local; write Content-Type, not content-type.',
        ),
      ];
    }
    if (!lacksOrigin(evidence)) return [];
    return [
      finding(
        'function-without-cors',
        'error',
        "The function's answer has no Access-Control-Allow-Origin; deployed it will have none either.",
        'Let the function return these headers, on errors as well.',
        functionHeaders(needs),
      ),
    ];
  },
};

/** Werkzeug alone is any Flask application. */
export function isSamLocal(answer: HttpResponse): boolean {
  return isWerkzeug(answer) && MESSAGES.test(messageOf(answer) ?? '');
}

export function isWerkzeug(answer: HttpResponse): boolean {
  return /^Werkzeug\//i.test(headerOf(answer, 'server') ?? '');
}
