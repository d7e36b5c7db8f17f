/** Flask on its development server, or behind another server. A function under `sam local` can look the same. */
import { preflightHeaders, requirementsOf, responseHeaders } from '../corsRequirements';
import { failsAtPreflight, type Evidence } from '../evidence';
import { headerOf, listContains } from '../headers';
import { quoted, requiredBy } from './lines';
import type { Platform } from './platform';
import { isSamLocal, isWerkzeug } from './samLocal';

export const flask: Platform = {
  name: 'Flask',
  detect(response) {
    if (isWerkzeug(response)) return isSamLocal(response) ? undefined : 'certain';
    // The error pages of Werkzeug, for example behind gunicorn or nginx.
    return /^<!doctype html>\s*<html lang=en>\s*<title>\d{3} /i.test(response.body) ? 'likely' : undefined;
  },
  sender: 'Flask',
  slash: 'Or put app.url_map.strict_slashes = False after app = Flask(__name__), so that both paths work.',
  allow(evidence) {
    const passes = rejectsPreflight(evidence);
    const isAllowed = passes && allowsRequest(evidence);
    return {
      description: `Put these lines directly after app = Flask(__name__). ${passes ? 'They respond to preflights before any other before_request function runs.' : ''}${isAllowed ? '' : ' after_request runs for every response, errors included, and replaces headers that are already set. (For a function under sam local, return the headers from the function instead.)'}`,
      lines: [
        ...(passes ? RESPOND_TO_OPTIONS : []),
        ...(isAllowed ? [] : [...(passes ? [''] : []), ...afterRequest(evidence)]),
      ],
    };
  },
  deduplicate: (evidence) => ({
    description:
      "Put these lines directly after app = Flask(__name__): they run last, and replace both values. Then delete one of the two places: CORS(app), or code with response.headers.add('Access-Control-…').",
    lines: afterRequest(evidence),
  }),
};

/** Code of the application, such as a before_request function, rejects OPTIONS. Flask itself responds with 200. */
function rejectsPreflight(evidence: Evidence): boolean {
  const status = evidence.preflight?.status ?? 200;
  return failsAtPreflight(evidence) && (status < 200 || status > 299);
}

/** Only the status of the preflight is wrong: flask-cors or other code already sets the headers. */
function allowsRequest({ call, diagnosis, preflight }: Evidence): boolean {
  const listed = preflight && headerOf(preflight, 'access-control-allow-headers');
  const isStatus = diagnosis.steps.some(({ name, passed }) => name === 'preflight: status' && !passed);
  return isStatus && requirementsOf(call).headers.every((name) => listContains(listed, name));
}

const RESPOND_TO_OPTIONS = [
  'from flask import request',
  '',
  '@app.before_request',
  'def respond_to_preflight():',
  "    if request.method == 'OPTIONS':",
  '        return app.make_default_options_response()',
];

function afterRequest(evidence: Evidence): string[] {
  const required = requiredBy(evidence);
  const headers = new Map([...preflightHeaders(required), ...responseHeaders(required)]);
  return [
    '@app.after_request',
    'def allow_origin(response):',
    ...[...headers].map(([name, value]) => `    response.headers[${quoted(name)}] = ${quoted(value)}`),
    '    return response',
  ];
}
