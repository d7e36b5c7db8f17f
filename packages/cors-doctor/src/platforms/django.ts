/** Django, with or without Django REST framework. */
import type { Finding } from 'sam-template';
import type { Evidence } from '../evidence';
import { finding } from '../finding';
import { headerOf } from '../headers';
import { originsToAllow, quotedList, requiredBy } from './lines';
import type { Platform } from './platform';

export const django: Platform = {
  name: 'Django',
  detect(response) {
    if (CSRF.test(response.body)) return 'certain';
    const hasDefaults =
      headerOf(response, 'referrer-policy') === 'same-origin' &&
      headerOf(response, 'x-content-type-options') === 'nosniff';
    const isServer = headerOf(response, 'server')?.startsWith('WSGIServer/') === true;
    if (hasDefaults && isServer) return 'certain';
    return hasDefaults || isServer ? 'likely' : undefined;
  },
  sender: 'Django',
  slash: 'Django adds the slash only to GET requests of users (APPEND_SLASH), not to requests of a program.',
  explain: csrf,
  allow(evidence) {
    const { headers, exposed, credentials, method } = requiredBy(evidence);
    const origins = originsToAllow(evidence);
    const own = headers.filter((name) => !DEFAULT_HEADERS.includes(name.toLowerCase()));
    return {
      description:
        'Run pip install django-cors-headers. Put these lines at the end of settings.py. The middleware must be the first one, so that it also runs for redirects and errors.',
      lines: [
        "INSTALLED_APPS = [*INSTALLED_APPS, 'corsheaders']",
        "MIDDLEWARE = ['corsheaders.middleware.CorsMiddleware', *MIDDLEWARE]",
        origins.includes('*')
          ? 'CORS_ALLOW_ALL_ORIGINS = True'
          : `CORS_ALLOWED_ORIGINS = [${quotedList(origins)}]`,
        ...(own.length > 0
          ? [
              `CORS_ALLOW_HEADERS = [${quotedList([...DEFAULT_HEADERS, ...own.map((name) => name.toLowerCase())])}]`,
            ]
          : []),
        ...(DEFAULT_METHODS.includes(method)
          ? []
          : [`CORS_ALLOW_METHODS = [${quotedList([...DEFAULT_METHODS, method])}]`]),
        ...(exposed.length > 0 ? [`CORS_EXPOSE_HEADERS = [${quotedList(exposed)}]`] : []),
        ...(credentials ? ['CORS_ALLOW_CREDENTIALS = True'] : []),
      ],
    };
  },
};

/** https://github.com/adamchainz/django-cors-headers/blob/main/src/corsheaders/defaults.py */
const DEFAULT_HEADERS = [
  'accept',
  'authorization',
  'content-type',
  'user-agent',
  'x-csrftoken',
  'x-requested-with',
];
const DEFAULT_METHODS = ['DELETE', 'GET', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

const CSRF = /CSRF verification failed|CSRF Failed: /;

/** After the preflight, the CSRF protection rejects the request itself. It is a warning if the web page can read that. */
function csrf({ call, diagnosis, request }: Evidence): Finding[] {
  if (request?.status !== 403 || !CSRF.test(request.body) || diagnosis.verdict !== 'allowed') return [];
  return [
    finding(
      'django-csrf',
      'warning',
      `${call.method} returned 403: the CSRF protection of Django rejects it. CORS is right.`,
      'For an API without cookies, put @csrf_exempt before the view. With cookies, add the origin to settings.py, and send the header X-CSRFToken with the value of the cookie csrftoken.',
      [`CSRF_TRUSTED_ORIGINS = [${quotedList([call.origin])}]`],
    ),
  ];
}
