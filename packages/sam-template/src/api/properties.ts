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

/** Returns values as text. An unknown value becomes a literal that says so. */
export function strings(properties: Properties, name: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record(properties, name))
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([key, value]) => [key, value instanceof Unknown ? UNKNOWN_LITERAL : String(value)]),
  );
}

/** API Gateway's notation of a literal. */
const UNKNOWN_LITERAL = `'${KNOWN_AT_DEPLOYMENT}'`;

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
