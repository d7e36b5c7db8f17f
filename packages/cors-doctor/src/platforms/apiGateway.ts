/** API Gateway's REST APIs: which of their own answers a preflight or a call has run into. */
import { failsAtPreflight, lacksOrigin, messageOf, type Evidence } from '../evidence';
import { finding, type Finding } from '../finding';
import { headerOf, type HttpResponse } from '../headers';
import { needsOf, type Needs } from '../needs';
import { gatewayResponses, MOCK_LINES, optionsMethod, preflightParameters } from './gatewayLines';
import { isHttpApi } from './httpApi';
import { isWerkzeug } from './samLocal';
import type { Platform } from './platform';

export const apiGateway: Platform = {
  name: 'API Gateway (REST API)',
  matches: isRestApi,
  explain(evidence) {
    const needs = needsOf(evidence.call);
    if (failsAtPreflight(evidence) && evidence.preflight !== undefined) {
      return atPreflight(evidence.preflight, evidence, needs);
    }
    return atRequest(evidence, needs);
  },
};

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */
export function isRestApi(answer: HttpResponse): boolean {
  if (isWerkzeug(answer) || isHttpApi(answer)) return false;
  return ['x-amzn-requestid', 'x-amzn-errortype', 'x-amz-apigw-id'].some(
    (name) => headerOf(answer, name) !== undefined,
  );
}

/** Whether the gateway answered by itself, and nothing behind it was asked. */
export function isGatewayError(answer: HttpResponse): boolean {
  return headerOf(answer, 'x-amzn-errortype') !== undefined && answer.status >= 400;
}

function atPreflight(preflight: HttpResponse, { call }: Evidence, needs: Needs): Finding[] {
  const { pathname } = new URL(call.url);
  const message = messageOf(preflight) ?? '';
  const type = headerOf(preflight, 'x-amzn-errortype') ?? '';
  if (preflight.status === 403 && isNoMethod(message)) {
    return [
      finding(
        'no-options-method',
        'error',
        `The stage that is deployed has no OPTIONS on ${pathname}. "Missing Authentication Token" is what API Gateway says to a path or method that is not there; it has nothing to do with authentication.`,
        `Is the path right, ${firstSegment(pathname)} being the stage? Then add an OPTIONS method, name it in the DependsOn of the Deployment, and deploy the stage again.`,
        optionsMethod(needs),
      ),
    ];
  }
  if (preflight.status === 500) {
    return [
      finding(
        'mock-without-status',
        'error',
        'The MOCK integration of OPTIONS fails: it has no request template that yields an integer statusCode, or the API has binary media types and the integration no ContentHandling: CONVERT_TO_TEXT.',
        'Write these lines in the Integration of the OPTIONS method, and deploy the stage again.',
        MOCK_LINES,
      ),
    ];
  }
  if (preflight.status === 401 || preflight.status === 403) {
    const isKey = preflight.status === 403 && `${type} ${message}`.includes('Forbidden');
    return [
      finding(
        isKey ? 'preflight-needs-key' : 'preflight-needs-credentials',
        'error',
        `The OPTIONS method asks for ${isKey ? 'an API key' : 'credentials'}, which a browser never sends with a preflight (${preflight.status} ${message}).`,
        isKey
          ? 'Write this in the OPTIONS method, and leave the key to the other methods. A resource policy or a WAF rule answers the same 403: look there too.'
          : "Write this in the OPTIONS method, and leave the authorizer to the others. With SAM's Auth it is AddDefaultAuthorizerToCorsPreflight: false.",
        isKey ? ['ApiKeyRequired: false'] : ['AuthorizationType: NONE'],
      ),
    ];
  }
  return [
    finding(
      'preflight-headers',
      'error',
      `OPTIONS is answered with ${preflight.status}, and its headers do not admit the call: a header is sent only if the integration response maps it and the method response declares it.`,
      'Give both of the OPTIONS method these lines, and deploy the stage again.',
      preflightParameters(needs),
    ),
  ];
}

function atRequest(evidence: Evidence, needs: Needs): Finding[] {
  const { request, call } = evidence;
  if (request === undefined || !isGatewayError(request)) return [];
  const message = messageOf(request) ?? '';
  const found: Finding[] = [];
  if (request.status === 403 && isNoMethod(message)) {
    found.push(
      finding(
        'no-method',
        'error',
        `The stage that is deployed has no ${call.method} on this path; to API Gateway that is 403 "Missing Authentication Token"${message.includes('Credential') ? ' or, with an Authorization header, a complaint about its signature' : ''}.`,
        'Begin the path with the stage, declare the method, name it in the DependsOn of the Deployment, and deploy the stage again.',
      ),
    );
  }
  if (lacksOrigin(evidence)) {
    found.push(
      finding(
        'gateway-error-without-cors',
        'error',
        `API Gateway answered ${request.status} ${JSON.stringify(message)} by itself, and its own errors have no CORS headers: the page sees a CORS error in place of the status.`,
        'Add gateway responses with the header (and end what the status is about).',
        gatewayResponses(needs),
      ),
    );
  }
  return found;
}

/** The second wording is for requests with an Authorization header. */
function isNoMethod(message: string): boolean {
  return (
    message === 'Missing Authentication Token' ||
    /requires 'Credential' parameter|Invalid key=value pair/.test(message)
  );
}

function firstSegment(pathname: string): string {
  return `/${pathname.split('/')[1] ?? ''}`;
}
