/** nginx. Its add_header skips error responses unless it says `always`. */
import type { Fix } from 'sam-template';
import { valuesOf } from '../causes/sentTwice';
import { responseHeaders, preflightHeaders } from '../corsRequirements';
import type { Header } from '../diagnosis';
import { lacksOrigin, type Evidence } from '../evidence';
import { finding } from '../finding';
import { ALLOW_ORIGIN, headerOf } from '../headers';
import { doubleQuoted, requiredBy } from './lines';
import type { Platform } from './platform';

/** https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header */
export const nginx: Platform = {
  name: 'nginx',
  detect: (response) =>
    /^(?:nginx|openresty)\b/i.test(headerOf(response, 'server') ?? '') ? 'certain' : undefined,
  sender: 'nginx',
  allow,
  deduplicate: (evidence) => {
    if (!isRight(evidence)) {
      return {
        ...allow(evidence),
        description:
          'Put these lines into the location block of nginx, in place of all add_header Access-Control-… lines, and run nginx -s reload. They remove the headers of the application, so that only those of nginx remain.',
      };
    }
    const narrower = originOfApplication(evidence);
    if (narrower !== undefined) {
      return {
        description: `nginx sends *, which lets every web page read the responses. The application behind it sends ${narrower}. Comment out or delete the add_header Access-Control-… lines of nginx, and run nginx -s reload. Then only the headers of the application remain.`,
        lines: ['# add_header Access-Control-Allow-Origin *;'],
      };
    }
    return {
      description:
        'Put the following into the location block of nginx, and run nginx -s reload. It removes what the application sends, so that only the header of nginx remains. Or delete the add_header Access-Control-… lines of nginx instead.',
      lines: sentNames(evidence, 2).map((name) => `proxy_hide_header ${name};`),
    };
  },
  explain(evidence) {
    const { request, responses } = evidence;
    if (!lacksOrigin(evidence) || request === undefined || request.status < 400) return [];
    const onOthers = responses.some((response) => headerOf(response, ALLOW_ORIGIN) !== undefined);
    const isOwn = /<center>(?:nginx|openresty)/.test(request.body);
    if (!onOthers || !isOwn || [502, 503, 504].includes(request.status)) return [];
    const { description, lines } = allow(evidence);
    return [
      finding(
        'nginx-always',
        'error',
        `nginx itself returned ${request.status}, and add_header without always skips the header for errors. The web page sees a CORS error instead of the status.`,
        description,
        lines,
      ),
    ];
  },
};

function allow(evidence: Evidence): Fix {
  const required = requiredBy(evidence);
  const hidden = sentNames(evidence).map((name) => `proxy_hide_header ${name};`);
  const own = responseHeaders(required).map(addHeader);
  const preflight = [
    'if ($request_method = OPTIONS) {',
    ...preflightHeaders(required).map((header) => `  ${addHeader(header)}`),
    '  return 204;',
    '}',
  ];
  return {
    description: `Put these lines into the location block of this path, in place of its add_header Access-Control-… lines, and run nginx -s reload. An add_header in a location replaces all add_header lines outside of it.${hidden.length > 0 ? ' proxy_hide_header removes the headers of the application behind nginx.' : ''}`,
    lines: [...hidden, ...(evidence.preflight === undefined ? [] : preflight), ...own],
  };
}

function addHeader([name, value]: Header): string {
  return `add_header ${name} ${doubleQuoted(value)} always;`;
}

/** The names of the CORS headers that a response has at least this number of times. */
function sentNames({ responses }: Evidence, times = 1): string[] {
  const names = responses.flatMap(({ headers }) => {
    const sent = headers
      .map(([name]) => name.toLowerCase())
      .filter((name) => name.startsWith('access-control-'));
    return sent.filter((name) => sent.filter((other) => other === name).length >= times);
  });
  return [...new Set(names)].map((name) => name.replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase()));
}

/** Returns the origin that the application sends, if nginx adds `*`. nginx writes its own headers last. */
function originOfApplication({ observations }: Evidence): string | undefined {
  const response = observations.at(-1);
  const values = response === undefined ? [] : valuesOf(response, ALLOW_ORIGIN);
  return values.at(-1) === '*' ? values.find((value) => value !== '*') : undefined;
}

/** Returns whether all values are right, so that it does not matter which one remains. */
function isRight({ call, observations }: Evidence): boolean {
  const lines = (name: string) =>
    (observations.at(-1)?.headers ?? [])
      .filter(([own]) => own.toLowerCase() === name)
      .map(([, value]) => value);
  const included = call.credentials === 'include';
  return (
    lines('access-control-allow-origin').every(
      (value) => value === call.origin || (value === '*' && !included),
    ) &&
    (!included || lines('access-control-allow-credentials').every((value) => value === 'true'))
  );
}
