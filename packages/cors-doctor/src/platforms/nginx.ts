/** nginx. Its add_header skips error responses unless it says `always`. */
import { failsAtPreflight, lacksOrigin } from '../evidence';
import { finding } from '../finding';
import { ALLOW_ORIGIN, headerOf } from '../headers';
import { responseHeaders, requirementsOf, preflightHeaders } from '../corsRequirements';
import type { Platform } from './platform';

/** https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header */
export const nginx: Platform = {
  name: 'nginx',
  matches: (response) => /^(?:nginx|openresty)\b/i.test(headerOf(response, 'server') ?? ''),
  explain(evidence) {
    const { request, responses, call } = evidence;
    const required = requirementsOf(call);
    const lines = responseHeaders(required).map(([name, value]) => `add_header ${name} "${value}" always;`);
    if (failsAtPreflight(evidence)) {
      return [
        finding(
          'nginx-preflight',
          'error',
          'nginx does not respond to OPTIONS as a preflight: it passes the request on or rejects it.',
          'Add these lines to the location block.',
          [
            ...lines,
            'if ($request_method = OPTIONS) {',
            ...preflightHeaders(required).map(([name, value]) => `  add_header ${name} "${value}" always;`),
            '  return 204;',
            '}',
          ],
        ),
      ];
    }
    if (!lacksOrigin(evidence)) return [];
    const isError = request !== undefined && request.status >= 400;
    const onOthers = responses.some((response) => headerOf(response, ALLOW_ORIGIN) !== undefined);
    return [
      finding(
        isError && onOthers ? 'nginx-always' : 'nginx-add-header',
        'error',
        isError && onOthers
          ? `add_header without always skips the header for status ${request.status}, so the web page sees a CORS error instead of the status.`
          : 'No add_header line applies to this response.',
        'Add these lines to the location block. An add_header there replaces all add_header lines outside of it.',
        lines,
      ),
    ];
  },
};
