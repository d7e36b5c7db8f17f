/** nginx, whose add_header leaves errors out unless it is told otherwise. */
import { failsAtPreflight, lacksOrigin } from '../evidence';
import { finding } from '../finding';
import { ALLOW_ORIGIN, headerOf } from '../headers';
import { responseHeaders, needsOf, preflightHeaders } from '../needs';
import type { Platform } from './platform';

/** https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header */
export const nginx: Platform = {
  name: 'nginx',
  matches: (answer) => /^(?:nginx|openresty)\b/i.test(headerOf(answer, 'server') ?? ''),
  explain(evidence) {
    const { request, answers, call } = evidence;
    const needs = needsOf(call);
    const lines = responseHeaders(needs).map(([name, value]) => `add_header ${name} "${value}" always;`);
    if (failsAtPreflight(evidence)) {
      return [
        finding(
          'nginx-preflight',
          'error',
          'OPTIONS is not answered as a preflight: nginx passes it on, or refuses it.',
          'Write these lines in the location.',
          [
            ...lines,
            'if ($request_method = OPTIONS) {',
            ...preflightHeaders(needs).map(([name, value]) => `  add_header ${name} "${value}" always;`),
            '  return 204;',
            '}',
          ],
        ),
      ];
    }
    if (!lacksOrigin(evidence)) return [];
    const isError = request !== undefined && request.status >= 400;
    const onOthers = answers.some((answer) => headerOf(answer, ALLOW_ORIGIN) !== undefined);
    return [
      finding(
        isError && onOthers ? 'nginx-always' : 'nginx-add-header',
        'error',
        isError && onOthers
          ? `add_header without always leaves ${request.status} without the header, and so the page with a CORS error in place of the status.`
          : 'nothing adds the header to this answer.',
        'Write these lines in the location; an add_header in it drops all that stand outside of it.',
        lines,
      ),
    ];
  },
};
