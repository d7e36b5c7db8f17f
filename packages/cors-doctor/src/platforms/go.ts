/** Go: net/http, gin, and the middleware of rs/cors. */
import { preflightHeaders, responseHeaders } from '../corsRequirements';
import { headerOf, type HttpResponse } from '../headers';
import type { Evidence } from '../evidence';
import type { Fix } from 'sam-template';
import { doubleQuoted, originsToAllow, requiredBy, searchLine } from './lines';
import type { Platform } from './platform';

const USUAL_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

const deduplicate = (): Fix => ({
  description:
    'Find both places, and delete one. w.Header().Add adds a second value: write w.Header().Set, which replaces the first one.',
  lines: [searchLine('*.go')],
});

/** The error responses of http.NotFound and http.Error. https://pkg.go.dev/net/http#Error */
export const go: Platform = {
  name: 'Go (net/http)',
  detect(response) {
    const isError =
      headerOf(response, 'x-content-type-options') === 'nosniff' &&
      headerOf(response, 'content-type') === 'text/plain; charset=utf-8';
    if (!isError) return undefined;
    if (response.body === '404 page not found\n') return 'certain';
    return /^Method Not Allowed\n$/i.test(response.body) ? 'likely' : undefined;
  },
  sender: 'the Go program',
  deduplicate,
  allow(evidence) {
    const required = requiredBy(evidence);
    const methods = [...new Set([...USUAL_METHODS, required.method])];
    const headers = new Map([...preflightHeaders({ ...required, methods }), ...responseHeaders(required)]);
    return {
      description:
        'Add this function at the end of the file, and pass allowCORS(mux) to http.ListenAndServe in place of mux (in place of nil: allowCORS(http.DefaultServeMux)). Delete other code that sets CORS headers. It is for all paths, so list in it every method and every header that your web pages use.',
      lines: [
        'func allowCORS(next http.Handler) http.Handler {',
        '\treturn http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {',
        ...[...headers].map(
          ([name, value]) => `\t\tw.Header().Set(${doubleQuoted(name)}, ${doubleQuoted(value)})`,
        ),
        '\t\tif r.Method == http.MethodOptions {',
        '\t\t\tw.WriteHeader(http.StatusNoContent)',
        '\t\t\treturn',
        '\t\t}',
        '\t\tnext.ServeHTTP(w, r)',
        '\t})',
        '}',
      ],
    };
  },
};

/** https://github.com/gin-gonic/gin/blob/master/gin.go, default404Body and default405Body */
export const gin: Platform = {
  name: 'gin',
  detect: (response) =>
    headerOf(response, 'content-type') === 'text/plain' &&
    /^(?:404 page not found|405 method not allowed)$/.test(response.body)
      ? 'certain'
      : undefined,
  sender: 'the Go program',
  deduplicate,
  allow: (evidence) => ({
    description:
      'Run go get github.com/gin-contrib/cors, and import it. Put these lines directly after gin.Default(), before the routes and other middleware.',
    lines: [
      'router.Use(cors.New(cors.Config{',
      ...options(evidence, {
        origins: 'AllowOrigins',
        methods: 'AllowMethods',
        headers: 'AllowHeaders',
        exposed: 'ExposeHeaders',
      }),
      '}))',
    ],
  }),
};

/** https://github.com/rs/cors/blob/master/cors.go, handlePreflight */
export const rsCors: Platform = {
  name: 'rs/cors (Go)',
  detect: (response) => (isRsPreflight(response) ? 'likely' : undefined),
  sender: 'rs/cors',
  deduplicate,
  allow: (evidence) => ({
    description:
      'Put these options in place of the cors.New(…), cors.Default() or cors.AllowAll() that you have.',
    lines: [
      'handler := cors.New(cors.Options{',
      ...options(evidence, {
        origins: 'AllowedOrigins',
        methods: 'AllowedMethods',
        headers: 'AllowedHeaders',
        exposed: 'ExposedHeaders',
      }),
      '}).Handler(mux) // mux: your own handler',
    ],
  }),
};

function isRsPreflight(response: HttpResponse): boolean {
  const vary = headerOf(response, 'vary') ?? '';
  return (
    [200, 204].includes(response.status) &&
    response.headers.filter(([name]) => /^vary$/i.test(name)).length === 1 &&
    /^Origin, Access-Control-Request-Method, Access-Control-Request-Headers(?:, Access-Control-Request-Private-Network)?$/.test(
      vary,
    )
  );
}

type OptionNames = Readonly<Record<'origins' | 'methods' | 'headers' | 'exposed', string>>;

function options(evidence: Evidence, names: OptionNames): string[] {
  const { method, headers, exposed, credentials } = requiredBy(evidence);
  const list = (values: readonly string[]) => `[]string{${values.map(doubleQuoted).join(', ')}}`;
  const methods = [...new Set([...USUAL_METHODS, method])];
  return [
    `\t${names.origins}: ${list(originsToAllow(evidence))},`,
    `\t${names.methods}: ${list(methods)},`,
    ...(headers.length > 0 ? [`\t${names.headers}: ${list(headers)},`] : []),
    ...(exposed.length > 0 ? [`\t${names.exposed}: ${list(exposed)},`] : []),
    ...(credentials ? ['\tAllowCredentials: true,'] : []),
  ];
}
