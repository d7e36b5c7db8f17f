/** Determines the value of a template parameter. No I/O. */
import type { ParameterDeclaration } from './parse';
import { Unknown } from './unknown';

/** The value of an SSM parameter type is the name of an SSM parameter, not the value in the template. */
export function parameterValue(name: string, declaration: ParameterDeclaration, given: unknown): unknown {
  const { Default, Type = 'String' } = declaration;
  const value = given ?? Default;
  if (value === undefined)
    return new Unknown(`the parameter ${name} has neither a value nor a Default`, [name]);
  if (value instanceof Unknown) return value;
  if (Type.startsWith('AWS::SSM::Parameter::Value'))
    return new Unknown(`the parameter ${name} is read from SSM`);
  return isList(Type) ? splitList(value) : value;
}

function isList(type: string): boolean {
  return type === 'CommaDelimitedList' || type.startsWith('List<');
}

function splitList(value: unknown): string[] {
  return (typeof value === 'string' ? value : JSON.stringify(value)).split(',').map((item) => item.trim());
}
