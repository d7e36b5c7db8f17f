/** `sam local start-api`: Flask on Werkzeug that imitates most responses of API Gateway. */
import { failsAtPreflight, lacksOrigin, messageOf } from '../evidence';
import { finding } from '../finding';
import { headerOf, type HttpResponse } from '../headers';
import { requiredBy } from './lines';
import { functionHeaders, optionsMethod, samCors } from './templateLines';
import type { Platform } from './platform';

/** The messages of API Gateway that sam local imitates. */
const MESSAGES = /^(?:Missing Authentication Token|Internal server error|Unauthorized)$/;

export const samLocal: Platform = {
  name: 'sam local',
  detect: (response) => (isSamLocal(response) ? 'certain' : undefined),
  sender: 'sam local',
  explain(evidence) {
    const required = requiredBy(evidence);
    const { preflight, request, call } = evidence;
    if (failsAtPreflight(evidence) && preflight?.status === 403) {
      return [
        finding(
          'sam-local-no-options',
          'error',
          '"Missing Authentication Token": sam local has no OPTIONS route on this path. It reads its routes from one kind of resource only, the kind that comes first in the file. After an AWS::Serverless::* resource it ignores all AWS::ApiGateway::* resources.',
          'Either add the Cors lines to the AWS::Serverless::Api. Or use AWS::ApiGateway::* resources only: move them before the function, remove its Events, and declare OPTIONS as in the lines after Cors. Examine the template with cors-doctor template.yaml to see which applies.',
          [...samCors(required), ...optionsMethod(required)],
        ),
      ];
    }
    if (request?.status === 403 && messageOf(request) === 'Missing Authentication Token') {
      return [
        finding(
          'sam-local-no-method',
          'error',
          `sam local has no ${call.method} route on this path. Either an AWS::ApiGateway::* resource comes first in the template, so sam local ignores the Events of functions, or the path contains the stage, which sam local does not use.`,
          `Declare ${call.method} as an AWS::ApiGateway::Method too, or remove the stage from the path.`,
        ),
      ];
    }
    if (request?.status === 502) {
      return [
        finding(
          'sam-local-502',
          'error',
          'The function threw an error, or sam local rejects its result because a header name is in lower case or the body is not a string.',
          'Check the log of sam local. Write Content-Type, not content-type.',
        ),
      ];
    }
    if (!lacksOrigin(evidence)) return [];
    return [
      finding(
        'function-without-cors',
        'error',
        "The function's response has no Access-Control-Allow-Origin. It will not have it after deployment either.",
        'Return these headers from the function, on errors too.',
        functionHeaders(required),
      ),
    ];
  },
};

/** The Server header is not enough: every Flask application on Werkzeug has it. */
export function isSamLocal(response: HttpResponse): boolean {
  return isWerkzeug(response) && MESSAGES.test(messageOf(response) ?? '');
}

export function isWerkzeug(response: HttpResponse): boolean {
  return /^Werkzeug\//i.test(headerOf(response, 'server') ?? '');
}
