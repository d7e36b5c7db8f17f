/** Maps to which a transform or a loop adds keys at deployment. No I/O. */
import { Unknown } from './unknown';

/** The keys of a map that a macro, or a loop over a parameter, replaces by other keys. */
const ADDING_KEY = /^Fn::(?:Transform$|ForEach::)/;

export function isAddingKey(key: string): boolean {
  return ADDING_KEY.test(key);
}

/** Whether the map has more keys after the deployment, so that nothing can be missing in it. */
export function isOpen(map: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(map).some(isAddingKey);
}

/** Returns a map without known keys, in place of a map that is known only at deployment. */
export function openMap(value: Unknown): Record<string, unknown> {
  return { 'Fn::Transform': value };
}

/** Returns the value of a key that adds others. */
export function addedKeys(key: string, argument: unknown): Unknown {
  const name = typeof argument === 'object' && argument !== null && 'Name' in argument ? argument.Name : '';
  const cause = typeof name === 'string' && name !== '' ? `the transform ${name}` : key;
  return new Unknown(`${cause} adds to it at deployment`, [], true);
}

/** Returns the paths of all open maps in a value, for example `Events.Get`, and the reason for each. */
export function openMaps(value: unknown, path = ''): { path: string; unknown: Unknown }[] {
  if (typeof value !== 'object' || value === null || value instanceof Unknown) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    if (isAddingKey(key) && item instanceof Unknown) return [{ path, unknown: item }];
    return openMaps(item, path === '' ? key : `${path}.${key}`);
  });
}
