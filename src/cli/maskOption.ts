/** Parses the option --mask ATTRIBUTE=METHOD, which can be repeated. No I/O. */
import { nearest, UsageError } from 'command-line';
import { MASK_METHODS, type MaskMethod, type MaskRules } from '../embedded/files/mask';

/**
 * Parses the values of --mask. The name of an attribute may contain `=` and `.`.
 *
 * @throws UsageError
 */
export function parseMask(texts: readonly string[]): MaskRules {
  const rules = new Map<string, MaskMethod>();
  for (const text of texts) {
    const at = text.lastIndexOf('=');
    if (at < 1) {
      throw new UsageError(
        `--mask ${JSON.stringify(text)}: use ATTRIBUTE=METHOD, for example --mask email=hash. The methods are ${listMethods()}.`,
      );
    }
    const name = text.slice(0, at);
    if (rules.has(name)) {
      throw new UsageError(
        `--mask has two methods for the attribute ${JSON.stringify(name)}. Use one of them.`,
      );
    }
    rules.set(name, parseMethod(text, text.slice(at + 1)));
  }
  return rules;
}

function parseMethod(text: string, name: string): MaskMethod {
  const method = MASK_METHODS.find((candidate) => candidate === name);
  if (method !== undefined) return method;
  const meant = nearest(name, MASK_METHODS);
  const question = meant === undefined ? '' : ` Did you mean ${meant}?`;
  throw new UsageError(
    `--mask ${JSON.stringify(text)}: ${JSON.stringify(name)} is not a method.${question} Use ${listMethods()}.`,
  );
}

function listMethods(): string {
  return `${MASK_METHODS.slice(0, -1).join(', ')} or ${MASK_METHODS.at(-1)}`;
}
