/** Spring MVC, Spring Boot and Spring Security. */
import type { Finding } from 'sam-template';
import { failsAtPreflight, jsonField, type Evidence } from '../evidence';
import { finding } from '../finding';
import { headerOf, type HttpResponse } from '../headers';
import { doubleQuoted, originsToAllow, requiredBy } from './lines';
import type { Platform } from './platform';

export const spring: Platform = {
  name: 'Spring',
  detect(response) {
    if (response.body === REJECTED || isBootError(response)) return 'certain';
    return hasSecurityHeaders(response) || variesThreeTimes(response) ? 'likely' : undefined;
  },
  sender: 'Spring',
  explain: rejected,
  allow(evidence) {
    const { exposed, credentials } = requiredBy(evidence);
    const list = (values: readonly string[]) => `List.of(${values.map(doubleQuoted).join(', ')})`;
    return {
      description:
        'Put this bean into a class with @Configuration. The filter runs before Spring Security, so it also responds to preflights that have no credentials. It uses CorsConfiguration, CorsFilter and UrlBasedCorsConfigurationSource of org.springframework.web.cors, and FilterRegistrationBean of Spring Boot.',
      lines: [
        '@Bean',
        'FilterRegistrationBean<CorsFilter> corsFilter() {',
        '  var config = new CorsConfiguration();',
        `  config.setAllowedOrigins(${list(originsToAllow(evidence))});`,
        '  config.setAllowedMethods(List.of("*"));',
        '  config.setAllowedHeaders(List.of("*"));',
        ...(exposed.length > 0 ? [`  config.setExposedHeaders(${list(exposed)});`] : []),
        ...(credentials ? ['  config.setAllowCredentials(true);'] : []),
        '  var source = new UrlBasedCorsConfigurationSource();',
        '  source.registerCorsConfiguration("/**", config);',
        '  var filter = new FilterRegistrationBean<>(new CorsFilter(source));',
        '  filter.setOrder(Ordered.HIGHEST_PRECEDENCE);',
        '  return filter;',
        '}',
      ],
    };
  },
  deduplicate: () => ({
    description:
      'In Spring Cloud Gateway, add this filter to default-filters in application.yml. Otherwise delete one of the two places: the CORS configuration of Spring, or the headers of the proxy.',
    lines: [
      '- DedupeResponseHeader=Access-Control-Allow-Origin Access-Control-Allow-Credentials, RETAIN_UNIQUE',
    ],
  }),
};

/** The body that Spring sends with 403. https://github.com/spring-projects/spring-framework, DefaultCorsProcessor */
const REJECTED = 'Invalid CORS request';

/** The default error response of Spring Boot. */
function isBootError(response: HttpResponse): boolean {
  return ['timestamp', 'error', 'path'].every((name) => jsonField(response, name) !== undefined);
}

/** The defaults of Spring Security. */
function hasSecurityHeaders(response: HttpResponse): boolean {
  return (
    headerOf(response, 'cache-control') === 'no-cache, no-store, max-age=0, must-revalidate' &&
    headerOf(response, 'x-content-type-options') === 'nosniff' &&
    headerOf(response, 'expires') === '0'
  );
}

/** Spring adds three lines. Other servers write one line with three names. */
function variesThreeTimes({ headers }: HttpResponse): boolean {
  const lines = headers.filter(([name]) => /^vary$/i.test(name)).map(([, value]) => value);
  return ['Origin', 'Access-Control-Request-Method', 'Access-Control-Request-Headers'].every((name) =>
    lines.includes(name),
  );
}

function rejected(evidence: Evidence): Finding[] {
  const { preflight, request, call, diagnosis } = evidence;
  const response = failsAtPreflight(evidence) ? preflight : request;
  if (diagnosis.verdict !== 'blocked' || response?.body !== REJECTED) return [];
  const fix = spring.allow?.(evidence);
  return [
    finding(
      'spring-rejected',
      'error',
      `Spring rejects the request with "${REJECTED}": its CORS configuration for this path does not allow the origin ${call.origin}, the method ${call.method} or a header. The origin must be in the list exactly like this, without a slash at the end.`,
      `${fix?.description ?? ''} Delete @CrossOrigin and other CORS configurations that are narrower.`,
      fix?.lines,
    ),
  ];
}
