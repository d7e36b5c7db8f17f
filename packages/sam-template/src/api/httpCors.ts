/** Reads the CORS configuration of HTTP APIs and function URLs. No I/O. */
import { isOpen, openMap } from '../template/openMap';
import { KNOWN_AT_DEPLOYMENT, Unknown } from '../template/unknown';
import type { HttpCors } from './api';
import { flag, isRecord, text, texts, type Properties } from './properties';

/** `true` allows every origin; a map replaces the keys of the definition. */
export function samHttpCors(configuration: unknown, definition: Properties): HttpCors | undefined {
  const own = ownCors(configuration);
  const merged = {
    ...capitalized(definition),
    ...Object.fromEntries(Object.entries(own).filter(([, value]) => Boolean(value) || value === 0)),
  };
  return Object.keys(merged).length === 0 ? undefined : corsOf(merged);
}

function ownCors(configuration: unknown): Properties {
  if (configuration === true) return { AllowOrigins: ['*'] };
  if (configuration instanceof Unknown && configuration.canBeMap) return openMap(configuration);
  return isRecord(configuration) ? configuration : {};
}

/** Definitions write the keys of the same configuration with small letters. */
export function capitalized(definition: Properties): Properties {
  return Object.fromEntries(
    Object.entries(definition).map(([name, value]) => [name.charAt(0).toUpperCase() + name.slice(1), value]),
  );
}

/** Reads a CORS configuration whose keys start with capital letters. */
export function corsOf(configuration: Properties): HttpCors {
  // A transform can add each list at deployment.
  const lists = (name: string) =>
    isOpen(configuration) && !(name in configuration) ? [KNOWN_AT_DEPLOYMENT] : texts(configuration, name);
  return {
    allowOrigins: lists('AllowOrigins'),
    allowMethods: lists('AllowMethods'),
    allowHeaders: lists('AllowHeaders'),
    exposeHeaders: lists('ExposeHeaders'),
    maxAge: text(configuration, 'MaxAge'),
    allowCredentials: flag(configuration, 'AllowCredentials'),
  };
}
