/** Finds CloudFormation's functions in a definition that CloudFormation does not evaluate. No I/O. */

interface FunctionsInDefinition {
  /** For example `Fn::Sub`, each once. */
  names: readonly string[];
  /** Whether the URI of an integration is not what API Gateway needs, because a function is not evaluated. */
  isInUri: boolean;
}

export function functionsIn(definition: unknown): FunctionsInDefinition {
  const found = [...functionsBelow(definition, '')];
  return {
    names: [...new Set(found.map(({ name }) => name))],
    isInUri: found.some(({ key, name, argument }) => key === 'uri' && !isStageVariable(name, argument)),
  };
}

interface FoundFunction {
  /** The key whose value is the function. */
  key: string;
  name: string;
  argument: unknown;
}

function* functionsBelow(value: unknown, key: string): Generator<FoundFunction> {
  if (typeof value === 'string' && value.includes('{{resolve:'))
    yield { key, name: '{{resolve:…}}', argument: value };
  if (typeof value !== 'object' || value === null) return;
  for (const [name, argument] of Object.entries(value)) {
    // A schema can have a property named Ref, whose value is a map.
    if (name.startsWith('Fn::') || (name === 'Ref' && typeof argument === 'string'))
      yield { key, name, argument };
    else yield* functionsBelow(argument, Array.isArray(value) ? key : name);
  }
}

/** API Gateway ignores the tag `!Sub`, and replaces stage variables by itself. */
function isStageVariable(name: string, argument: unknown): boolean {
  if (name !== 'Fn::Sub' || typeof argument !== 'string') return false;
  return !/\$\{(?!stageVariables\.)/.test(argument);
}
