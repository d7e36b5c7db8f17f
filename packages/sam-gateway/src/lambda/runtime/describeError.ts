/** Converts errors to the form of the runtime API. */
import { isRuntimePackage } from './packageDirectories';

/** An error that Lambda's runtime reports under this name, for example Runtime.HandlerNotFound. */
export class RuntimeError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = `Runtime.${name}`;
  }
}

/** Returns the type of an error, and the JSON that describes it. */
export function describeError(error: unknown): { errorType: string; body: string } {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const errorMessage = `${message}${missingSdkHint(message)}`;
  return { errorType: name, body: JSON.stringify({ errorType: name, errorMessage, trace: [] }) };
}

/** Lambda has the AWS SDK, but this machine has only what is installed. */
function missingSdkHint(message: string): string {
  const [, name] = /Cannot find (?:module|package) '(@[^/']+\/[^/']+)/.exec(message) ?? [];
  if (name === undefined || !isRuntimePackage(name)) return '';
  return `. Lambda provides ${name}, but it is not installed here. Run: npm install --save-dev ${name}`;
}
