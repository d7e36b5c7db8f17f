/** Reads properties of resources with the expected type. A template can contain anything. */

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
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Properties) : {};
}

/** Leaves out values that are known only at deployment. */
export function strings(properties: Properties, name: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record(properties, name))
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, String(value)]),
  );
}

export function list(properties: Properties, name: string): unknown[] {
  const value = properties[name];
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function records(properties: Properties, name: string): Properties[] {
  return list(properties, name).filter(
    (item): item is Properties => typeof item === 'object' && item !== null,
  );
}
