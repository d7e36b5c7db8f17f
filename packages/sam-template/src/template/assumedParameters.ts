/** Derives the values of parameters from the assumed results of conditions that compare them. No I/O. */
import type { Template } from './parse';
import { Unknown } from './unknown';

/** The parameters of a template that have no value yet. */
export class AssumedParameters {
  private readonly template: Template;
  private readonly values: Map<string, unknown>;
  /** The allowed values that are left, by parameter. */
  private readonly allowed = new Map<string, readonly string[]>();

  /** @param values the value of each parameter. Derived values replace unknown ones. */
  constructor(template: Template, values: Map<string, unknown>) {
    this.template = template;
    this.values = values;
  }

  /** If a parameter equals one text, it equals no other. Other conditions that compare it are then decided. */
  assume(condition: string, result: boolean): void {
    const { parameter, text } = comparisonOf(this.template.conditions[condition]) ?? {};
    if (parameter === undefined || text === undefined) return;
    if (!(this.values.get(parameter) instanceof Unknown)) return;
    if (result) {
      this.values.set(parameter, text);
      return;
    }
    const { AllowedValues = [] } = this.template.parameters[parameter] ?? {};
    const left = (this.allowed.get(parameter) ?? AllowedValues.map(String)).filter((value) => value !== text);
    this.allowed.set(parameter, left);
    if (left.length === 1) this.values.set(parameter, left[0]);
  }
}

/** Returns the operands of `Fn::Equals` if they are a parameter and a text. */
function comparisonOf(condition: unknown): { parameter: string; text: string } | undefined {
  const operands = (condition as { 'Fn::Equals'?: unknown } | undefined)?.['Fn::Equals'];
  if (!Array.isArray(operands) || operands.length !== 2) return undefined;
  const parameter = operands
    .map((one: { Ref?: unknown } | null) => one?.Ref)
    .find((ref) => ref !== undefined);
  const text = operands.find(isText);
  return typeof parameter === 'string' && text !== undefined ? { parameter, text: String(text) } : undefined;
}

function isText(operand: unknown): operand is string | number {
  return typeof operand === 'string' || typeof operand === 'number';
}
