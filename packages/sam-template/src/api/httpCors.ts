/** Reads the CORS configuration of HTTP APIs and function URLs. No I/O. */
import type { HttpCors } from './api';
import { flag, isRecord, text, texts, type Properties } from './properties';

/** `true` allows every origin; a map replaces the keys of the definition. */
export function samHttpCors(configuration: unknown, definition: Properties): HttpCors | undefined {
  const own = configuration === true ? { AllowOrigins: ['*'] } : isRecord(configuration) ? configuration : {};
  const merged = {
    ...capitalized(definition),
    ...Object.fromEntries(Object.entries(own).filter(([, value]) => Boolean(value) || value === 0)),
  };
  return Object.keys(merged).length === 0 ? undefined : corsOf(merged);
}

/** Definitions write the keys of the same configuration with small letters. */
export function capitalized(definition: Properties): Properties {
  return Object.fromEntries(
    Object.entries(definition).map(([name, value]) => [name.charAt(0).toUpperCase() + name.slice(1), value]),
  );
}

/** Reads a CORS configuration whose keys start with capital letters. */
export function corsOf(configuration: Properties): HttpCors {
  return {
    allowOrigins: texts(configuration, 'AllowOrigins'),
    allowMethods: texts(configuration, 'AllowMethods'),
    allowHeaders: texts(configuration, 'AllowHeaders'),
    exposeHeaders: texts(configuration, 'ExposeHeaders'),
    maxAge: text(configuration, 'MaxAge'),
    allowCredentials: flag(configuration, 'AllowCredentials'),
  };
}
