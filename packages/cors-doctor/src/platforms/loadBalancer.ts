/** An Application Load Balancer that responds instead of its targets. */
import { failsAtPreflight, lacksOrigin } from '../evidence';
import { finding } from '../finding';
import { headerOf } from '../headers';
import { preflightHeaders } from '../corsRequirements';
import { requiredBy } from './lines';
import type { Platform } from './platform';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/header-modification.html */
export const loadBalancer: Platform = {
  name: 'Application Load Balancer',
  detect: (response) => (/^awselb\//i.test(headerOf(response, 'server') ?? '') ? 'certain' : undefined),
  explain(evidence) {
    const response = failsAtPreflight(evidence) ? evidence.preflight : evidence.request;
    if (response === undefined || (!failsAtPreflight(evidence) && !lacksOrigin(evidence))) return [];
    return [
      finding(
        'load-balancer-response',
        'error',
        `The load balancer itself returned ${response.status}: ${CAUSES[response.status] ?? 'a listener rule has a fixed response or a redirect'}.`,
        'Fix that first. With these attributes, the listener adds the headers to all responses.',
        [
          'ListenerAttributes:',
          ...preflightHeaders(requiredBy(evidence)).flatMap(([name, value]) => [
            `  - Key: routing.http.response.${name.toLowerCase().replaceAll('-', '_')}.header_value`,
            `    Value: '${value}'`,
          ]),
        ],
      ),
    ];
  },
};

const CAUSES: Readonly<Record<number, string>> = {
  401: 'a rule requires authentication, but a preflight has no credentials; add a rule for OPTIONS before it',
  403: 'a rule or its WAF denies the request',
  404: 'no rule matches',
  502: 'the target closed the connection or sent an invalid HTTP response',
  503: 'there is no registered or healthy target',
  504: 'the target did not respond in time',
};
