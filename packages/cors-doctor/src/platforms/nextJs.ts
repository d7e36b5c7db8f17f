/** Next.js: API routes and route handlers. */
import { preflightHeaders, responseHeaders } from '../corsRequirements';
import { failsAtPreflight } from '../evidence';
import { headerOf } from '../headers';
import { quoted, requiredBy } from './lines';
import type { Platform } from './platform';

export const nextJs: Platform = {
  name: 'Next.js',
  detect(response) {
    if (headerOf(response, 'x-powered-by') === 'Next.js') return 'certain';
    return response.headers.some(([name]) => /^x-nextjs-/i.test(name)) ? 'certain' : undefined;
  },
  sender: 'Next.js',
  slash: 'Or set trailingSlash in next.config.js to the form that the web page uses.',
  allow(evidence) {
    const required = requiredBy(evidence);
    const headers = [...new Map([...preflightHeaders(required), ...responseHeaders(required)])];
    const rejects = failsAtPreflight(evidence) && (evidence.preflight?.status ?? 200) >= 400;
    return {
      description: `Put this function into the exported object of next.config.js, and start Next.js again.${rejects ? ' The handler must also respond to OPTIONS with 204: in pages/api, put the last line at its start; in app/…/route.js, delete your function OPTIONS.' : ''}`,
      lines: [
        'async headers() {',
        '  return [',
        '    {',
        "      source: '/:path*',",
        '      headers: [',
        ...headers.map(([name, value]) => `        { key: ${quoted(name)}, value: ${quoted(value)} },`),
        '      ],',
        '    },',
        '  ];',
        '},',
        ...(rejects ? ['', "if (request.method === 'OPTIONS') return response.status(204).end();"] : []),
      ],
    };
  },
};
