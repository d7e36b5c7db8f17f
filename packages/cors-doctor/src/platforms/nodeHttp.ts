/** A server on node:http without a framework that is detected otherwise. */
import { preflightHeaders, responseHeaders } from '../corsRequirements';
import { headerOf } from '../headers';
import { quoted, requiredBy } from './lines';
import type { Platform } from './platform';

export const nodeHttp: Platform = {
  name: 'a server on node:http',
  // The default keepAliveTimeout. https://nodejs.org/api/http.html#serverkeepalivetimeout
  detect: (response) => (headerOf(response, 'keep-alive') === 'timeout=5' ? 'likely' : undefined),
  allow(evidence) {
    const required = requiredBy(evidence);
    const headers = new Map([...preflightHeaders(required), ...responseHeaders(required)]);
    return {
      description:
        'Put these lines at the start of the function that handles requests, before any check of credentials, in place of other code that sets CORS headers.',
      lines: [
        ...[...headers].map(([name, value]) => `response.setHeader(${quoted(name)}, ${quoted(value)});`),
        ...(evidence.preflight === undefined
          ? []
          : ["if (request.method === 'OPTIONS') {", '  response.writeHead(204).end();', '  return;', '}']),
      ],
    };
  },
};
