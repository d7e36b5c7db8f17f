/** Express, with or without the cors package. */
import type { Finding } from 'sam-template';
import { objectionTo } from '../causes/readable';
import type { Evidence } from '../evidence';
import { finding } from '../finding';
import { headerOf, listContains } from '../headers';
import { originsToAllow, quoted, quotedList, requiredBy, searchLine } from './lines';
import type { Platform } from './platform';

export const express: Platform = {
  name: 'Express',
  detect(response) {
    if (headerOf(response, 'x-powered-by')?.toLowerCase() === 'express') return 'certain';
    // The final handler of Express. Other servers use it too, and helmet removes X-Powered-By.
    return /<pre>Cannot [A-Z]+ \//.test(response.body) ? 'likely' : undefined;
  },
  sender: 'Express',
  explain: shadowedHandler,
  allow: (evidence) => ({
    description: `Run npm install cors, unless it is installed. Put these lines directly after const app = express(), in place of other app.use(cors(…)) and other code that sets CORS headers. Require cors only once.${hasPolicy(evidence) ? ' Keep the other origins that you allow. Without the options methods and allowedHeaders, cors() allows all usual methods and all headers.' : ''}`,
    lines: ["const cors = require('cors');", corsLine(evidence)],
  }),
  deduplicate: () => ({
    description:
      'Find both places, and delete one. If one of them is a proxy, delete the headers there and keep app.use(cors(…)). In Express, response.set replaces a header, and response.append adds a second one.',
    lines: [searchLine('*.js', '*.ts', '*.mjs')],
  }),
};

/** The methods that cors() allows by default. By default, it also allows the headers that the browser asks for. */
const DEFAULT_METHODS = ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'];

/** Whether the server has a policy, which the fix replaces. */
function hasPolicy({ observations }: Evidence): boolean {
  return observations.some(({ headers }) => headers.some(([name]) => /^access-control-allow-/i.test(name)));
}

function corsLine(evidence: Evidence): string {
  const { method, exposed, credentials } = requiredBy(evidence);
  const origins = originsToAllow(evidence);
  const options = [
    `origin: ${origins.length === 1 ? quotedList(origins) : `[${quotedList(origins)}]`}`,
    ...(DEFAULT_METHODS.includes(method) ? [] : [`methods: [${quotedList([...DEFAULT_METHODS, method])}]`]),
    ...(exposed.length > 0 ? [`exposedHeaders: [${exposed.map(quoted).join(', ')}]`] : []),
    ...(credentials ? ['credentials: true'] : []),
  ];
  return `app.use(cors({ ${options.join(', ')} }));`;
}

/**
 * Detects the response of cors() with its defaults: 204, any origin, its own list of methods, and the requested
 * headers. It never calls an OPTIONS handler that comes after it, and clients cannot see whether there is one.
 */
function shadowedHandler(evidence: Evidence): Finding[] {
  const { diagnosis, preflight } = evidence;
  const isFine = diagnosis.verdict === 'allowed' && objectionTo(evidence) === undefined;
  if (!isFine || preflight?.status !== 204) return [];
  const varies = listContains(headerOf(preflight, 'vary'), 'Access-Control-Request-Headers');
  const methods = headerOf(preflight, 'access-control-allow-methods');
  if (!varies || methods !== 'GET,HEAD,PUT,PATCH,POST,DELETE') return [];
  return [
    finding(
      'cors-answers-preflights',
      'note',
      'Likely: app.use(cors(…)) responded to this preflight. An app.options(…) handler after it never runs.',
      'Nothing to do if you have no such handler. Otherwise, delete it, and move its headers into the options of cors().',
    ),
  ];
}
