/** An Application Load Balancer that answers in place of its targets. */
import { failsAtPreflight, lacksOrigin } from '../evidence';
import { finding } from '../finding';
import { headerOf } from '../headers';
import { needsOf, preflightHeaders } from '../needs';
import type { Platform } from './platform';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/header-modification.html */
export const loadBalancer: Platform = {
  name: 'Application Load Balancer',
  matches: (answer) => /^awselb\//i.test(headerOf(answer, 'server') ?? ''),
  explain(evidence) {
    const answer = failsAtPreflight(evidence) ? evidence.preflight : evidence.request;
    if (answer === undefined || (!failsAtPreflight(evidence) && !lacksOrigin(evidence))) return [];
    return [
      finding(
        'load-balancer-answer',
        'error',
        `The load balancer answered ${answer.status} by itself: ${CAUSES[answer.status] ?? 'a rule of the listener has a fixed response, or a redirect'}.`,
        'End that first. The listener can add the headers to all answers, with these attributes.',
        [
          'ListenerAttributes:',
          ...preflightHeaders(needsOf(evidence.call)).flatMap(([name, value]) => [
            `  - Key: routing.http.response.${name.toLowerCase().replaceAll('-', '_')}.header_value`,
            `    Value: '${value}'`,
          ]),
        ],
      ),
    ];
  },
};

const CAUSES: Readonly<Record<number, string>> = {
  401: 'a rule authenticates, and a preflight has no credentials; give OPTIONS a rule before it',
  403: 'a rule or its WAF refuses the request',
  404: 'no rule matches',
  502: 'the target closed the connection or answered what is no HTTP',
  503: 'no target is registered, or none is healthy',
  504: 'the target did not answer in time',
};
