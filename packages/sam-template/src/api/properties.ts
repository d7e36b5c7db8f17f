/** Reads properties of resources with the expected type. A template can contain anything. */

import { KNOWN_AT_DEPLOYMENT, Unknown } from '../template/unknown';

export type Properties = Readonly<Record<string, unknown>>;

export function text(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** CloudFormation accepts `"true"` as true. */
export function flag(properties: Properties, name: string): boolean {
  return properties[name] === true || properties[name] === 'true';
}

export function number(properties: Properties, name: string, fallback: number): number {
  const value = Number(properties[name] ?? NaN);
  return Number.isFinite(value) ? value : fallback;
}

export function record(properties: Properties, name: string): Properties {
  const value = properties[name];
  return isRecord(value) ? value : {};
}

export function isRecord(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Unknown);
}

/**
 * Returns values as text, without null.
 *
 * @param placeholder stands for values that are known only at deployment; by default, they are left out.
 */
export function strings(properties: Properties, name: string, placeholder?: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record(properties, name)).flatMap(([key, value]) => {
      const known = value instanceof Unknown ? placeholder : value;
      return known === undefined || known === null
        ? []
        : [[key, typeof known === 'string' ? known : JSON.stringify(known)] as const];
    }),
  );
}

/** Returns a list of texts. A single text counts as a list, and an unknown value becomes a text that says so. */
export function texts(properties: Properties, name: string): string[] {
  const values: unknown[] = [properties[name]].flat();
  return values.flatMap((value) =>
    value instanceof Unknown ? KNOWN_AT_DEPLOYMENT : (text({ value }, 'value') ?? []),
  );
}

export function list(properties: Properties, name: string): unknown[] {
  const value = properties[name];
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function records(properties: Properties, name: string): Properties[] {
  return list(properties, name).filter(isRecord);
}
