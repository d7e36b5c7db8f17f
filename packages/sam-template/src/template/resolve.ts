/** Resolves a template with given parameters: replaces references and intrinsic functions by their values. No I/O. */
import { combineConditions, evaluateFunction } from './functions';
import { isGenerated } from './generatedResources';
import { nestedDeployment, type Deployment } from './deployment';
import { attributeOf, isPseudoParameter, pseudoParameters, referenceTo } from './references';
import { AssumedParameters } from './assumedParameters';
import { withGlobals } from './globals';
import type { Resource, Template } from './parse';
import { addedKeys, isAddingKey, isOpen, openMap, openMaps } from './openMap';
import { parameterValue } from './parameterValue';
import { Literal, Unknown, unknownAmong } from './unknown';

/** A value that cannot be resolved, its location, and the reason. */
interface Unresolved {
  /** Logical id of the resource, or a section of the template. */
  in: string;
  line: number | undefined;
  reason: string;
  /** The logical id that does not exist, if that is the reason. */
  missingLogicalId?: string;
  /** Whether the value is valid, but known only at deployment. */
  knownLater: boolean;
}

/** A condition whose result is known only at deployment. */
interface UndecidedCondition {
  /** In a nested application, its logical ID comes first: `Orders.IsProduction`. */
  name: string;
  /** The template parameters that decide it. */
  parameters: readonly string[];
}

export interface ResolvedTemplate {
  /** The template and the deployment that it is resolved from. */
  template: Template;
  deployment: Deployment;
  /** The resources whose condition is true, in the order of the file. */
  resources: Resource[];
  /** The resources whose condition is false. SAM still considers their events. */
  excluded: Resource[];
  outputs: Record<string, unknown>;
  globals: Record<string, unknown>;
  unresolved: Unresolved[];
  /** Those of nested applications included. */
  undecided: UndecidedCondition[];
  /** The macros of the template, which can change anything. */
  macros: readonly string[];
  /** The resolved templates of nested applications, by logical ID. */
  nested: ReadonlyMap<string, ResolvedTemplate>;
}

/** Resolves a template. A value that cannot be resolved becomes an `Unknown`. */
export function resolveTemplate(template: Template, deployment: Deployment): ResolvedTemplate {
  const resolved = new Resolver(template, deployment).resolve();
  const nested = [...template.nested].flatMap(([logicalId, inner]) => {
    const resource = resolved.resources.find((one) => one.logicalId === logicalId);
    return resource === undefined
      ? []
      : [[logicalId, resolveTemplate(inner, nestedDeployment(inner, resource, deployment))] as const];
  });
  const undecided = nested.flatMap(([logicalId, inner]) =>
    inner.undecided.map((condition) => ({ ...condition, name: `${logicalId}.${condition.name}` })),
  );
  return {
    ...resolved,
    template,
    deployment,
    undecided: [...resolved.undecided, ...undecided],
    nested: new Map(nested),
  };
}

function asRecord(value: unknown): Record<string, unknown> {
  if (value instanceof Unknown) return openMap(value);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

const NO_VALUE = Symbol('AWS::NoValue');

class Resolver {
  private readonly template: Template;
  private readonly isExample: boolean;
  private readonly assumed: Readonly<Record<string, boolean>>;
  private readonly values: Map<string, unknown>;
  private readonly unresolved: Unresolved[] = [];
  private readonly undecided = new Map<string, UndecidedCondition>();
  private readonly assumedParameters: AssumedParameters;
  /** Whether the pseudo parameters are unknown, because a condition is evaluated for an example. */
  private isDeciding = false;
  /** The conditions and names that are being resolved. They can refer to themselves. */
  private readonly pending = new Set<string>();
  private place: Pick<Unresolved, 'in' | 'line'> = { in: 'Conditions', line: undefined };

  constructor(template: Template, deployment: Deployment) {
    const { parameters, region, accountId, isExample = false, assumedConditions = {} } = deployment;
    this.template = template;
    this.isExample = isExample;
    this.assumed = assumedConditions;
    this.values = new Map(Object.entries(pseudoParameters(region, accountId)));
    for (const name of Object.keys(parameters)) {
      if (!(name in template.parameters)) this.fail(`the template has no parameter ${name}`, 'Parameters');
    }
    for (const [name, declaration] of Object.entries(template.parameters)) {
      const value = parameterValue(name, declaration, parameters[name]);
      if (value instanceof Unknown) this.fail(value.reason, 'Parameters', true);
      this.values.set(name, value);
    }
    this.assumedParameters = new AssumedParameters(template, this.values);
  }

  resolve(): Omit<ResolvedTemplate, 'template' | 'deployment' | 'nested'> {
    const { resources, globals, outputs, macros } = this.template;
    const isIncluded = new Map(
      resources.map(({ logicalId, condition }) => [
        logicalId,
        condition === undefined || this.condition(condition),
      ]),
    );
    this.place = { in: 'Globals', line: undefined };
    const resolvedGlobals = this.globals(globals);
    const resolveAll = (included: boolean) =>
      resources
        .filter(({ logicalId }) => isIncluded.get(logicalId) === included)
        .map((one) => withGlobals(this.resource(one), resolvedGlobals));
    const included = resolveAll(true);
    this.place = { in: 'Outputs', line: undefined };
    const resolvedOutputs = this.record(outputs);
    // References of resources that are not created cannot be wrong.
    const unresolved = [...this.unresolved];
    return {
      resources: included,
      excluded: resolveAll(false),
      globals: resolvedGlobals,
      outputs: resolvedOutputs,
      unresolved,
      undecided: [...this.undecided.values()],
      macros,
    };
  }

  private resource(resource: Resource): Resource {
    this.place = { in: resource.logicalId, line: resource.line };
    return { ...resource, properties: this.record(resource.properties), written: resource.properties };
  }

  /** Returns the sections of Globals, each a map. */
  private globals(written: unknown): Record<string, unknown> {
    const resolved = this.record(written);
    const sections = isOpen(resolved) ? ['Api', 'Function', 'HttpApi', 'StateMachine'] : [];
    const unknown = Object.entries(resolved).find(([key]) => isAddingKey(key))?.[1];
    const open = sections.map((name) => [name, resolved[name] ?? unknown] as const);
    return Object.fromEntries(
      [...Object.entries(resolved), ...open].map(([name, section]) => [name, asRecord(section)]),
    );
  }

  private record(value: unknown): Record<string, unknown> {
    return asRecord(this.value(value));
  }

  private value(value: unknown): unknown {
    if (Array.isArray(value)) {
      return value.map((item) => this.value(item)).filter((item) => item !== NO_VALUE);
    }
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
    if (typeof value === 'string' && value.includes('{{resolve:')) {
      return new Unknown('a dynamic reference is resolved at deployment');
    }
    if (typeof value !== 'object' || value === null || value instanceof Unknown) return value;
    if (value instanceof Literal) return value.value;
    const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
    if (others.length === 0 && isAddingKey(name)) return this.createdValue(name, argument);
    if (others.length === 0 && (name === 'Ref' || name === 'Condition' || name.startsWith('Fn::'))) {
      // A property can be named Condition too, for example in an IAM statement.
      if (name !== 'Condition' || typeof argument === 'string') return this.call(name, argument);
    }
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, of]) => [key, isAddingKey(key) ? this.createdValue(key, of) : this.value(of)] as const)
        .filter(([, of]) => of !== NO_VALUE),
    );
  }

  private call(name: string, argument: unknown): unknown {
    try {
      return this.apply(name, argument);
    } catch (error) {
      // The arguments have another form than the function needs.
      if (!(error instanceof TypeError)) throw error;
      if (hasAddingKey(argument)) return this.later(`a part of ${name} is known only at deployment`);
      return this.fail(`${name} has invalid arguments: ${JSON.stringify(argument)}`);
    }
  }

  private apply(name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return this.withName(this.value(argument), (text) => this.reference(text));
      case 'Condition':
        return this.withName(argument, (text) => this.condition(text));
      case 'Fn::GetAtt':
        return this.attribute(typeof argument === 'string' ? splitAttribute(argument) : argument);
      case 'Fn::Sub':
        return this.substitute(argument);
      case 'Fn::If': {
        const [condition, then, otherwise] = argument as [unknown, unknown, unknown];
        if (typeof condition !== 'string') throw new TypeError('not a name');
        return this.value(this.condition(condition) ? then : otherwise);
      }
      case 'Fn::And':
      case 'Fn::Or':
      case 'Fn::Not':
        return combineConditions(name, this.value(argument) as unknown[]);
    }
    const resolved = this.value(argument);
    const parts = [resolved].flat(2);
    return unknownAmong(parts) ?? this.compute(name, argument, resolved);
  }

  /** Evaluates a function whose arguments are known. */
  private compute(name: string, argument: unknown, resolved: unknown): unknown {
    switch (name) {
      case 'Fn::Select':
        return this.select(resolved as [number | string, unknown[]], argument as unknown[]);
      case 'Fn::FindInMap':
        return this.findInMap(resolved as unknown[], argument as unknown[]);
      default:
        return evaluateFunction(name, resolved) ?? this.later(`only CloudFormation can evaluate ${name}`);
    }
  }

  private select([index, from]: [number | string, unknown[]], written: readonly unknown[]): unknown {
    const found = from[Number(index)];
    if (found !== undefined) return found;
    const reason = `Fn::Select has no value at index ${index}`;
    return Array.isArray(written[1]) ? this.fail(reason) : this.later(`${reason} before the deployment`);
  }

  private findInMap(keys: readonly unknown[], written: readonly unknown[]): unknown {
    const [map, first, second] = keys.map(String);
    const entries = asRecord(this.template.mappings[map ?? '']);
    const found: unknown = asRecord(entries[first ?? ''])[second ?? ''];
    const { Ref: key } = asRecord(written[1]);
    if (this.isExample && typeof key === 'string' && isPseudoParameter(key)) {
      const values = Object.values(entries).map((entry) => JSON.stringify(asRecord(entry)[second ?? '']));
      if (new Set(values).size > 1) return new Unknown(`${key} is known at deployment`);
    }
    if (found !== undefined) return found;
    const reason = `Mappings has no ${map}.${first}.${second}`;
    // A key that a parameter gives can be another one in the deployment.
    const isLiteral = written.length === 3 && written.every((key) => typeof key === 'string');
    const canBeAdded = this.template.macros.length > 0 || hasAddingKey(this.template.mappings);
    return isLiteral && !canBeAdded ? this.fail(reason) : this.later(reason);
  }

  private withName(name: unknown, resolve: (name: string) => unknown): unknown {
    if (name instanceof Unknown) return name;
    if (typeof name !== 'string') throw new TypeError('not a name');
    return resolve(name);
  }

  private reference(name: string): unknown {
    if (name === 'AWS::NoValue') return NO_VALUE;
    if (this.isDeciding && isPseudoParameter(name)) return new Unknown(`${name} is known at deployment`);
    if (this.values.has(name)) return this.values.get(name);
    const resource = this.resourceNamed(name);
    if (resource !== undefined) {
      return this.once(`Ref ${name}`, () => referenceTo(resource, (value) => this.value(value)));
    }
    return this.missing(name, `Ref ${name}: the template has no parameter or resource of this name`);
  }

  private attribute(argument: unknown): unknown {
    const parts = (argument as unknown[]).map((part) => this.value(part));
    const unknown = unknownAmong(parts);
    if (unknown !== undefined) return unknown;
    const [name = '', attribute = ''] = parts.map(String);
    const resource = this.resourceNamed(name);
    if (resource === undefined) {
      return this.missing(name, `Fn::GetAtt ${name}.${attribute}: the template has no resource ${name}`);
    }
    const read = (pseudo: string) => String(this.values.get(pseudo));
    return this.once(`Ref ${name}`, () =>
      attributeOf(resource, attribute, (value) => this.value(value), read),
    );
  }

  /** Resolves something that can refer to itself, which CloudFormation rejects. */
  private once(name: string, resolve: () => unknown): unknown {
    if (this.pending.has(name)) return this.fail(`${name} is part of its own value, so the deployment fails`);
    this.pending.add(name);
    try {
      return resolve();
    } finally {
      this.pending.delete(name);
    }
  }

  /** Names that SAM or a macro defines are valid, but their values are known only at deployment. */
  private missing(name: string, reason: string): unknown {
    if (/^Serverless(?:Rest|Http)Api$/.test(name)) return name;
    return isGenerated(name, this.template)
      ? new Unknown(`${name} is created at deployment`)
      : this.fail(reason, undefined, false, name);
  }

  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-sub.html */
  private substitute(argument: unknown): unknown {
    const [text, variables]: [unknown, Record<string, unknown>] = Array.isArray(argument)
      ? [(argument as unknown[])[0], this.record((argument as unknown[])[1])]
      : [argument, {}];
    if (typeof text !== 'string') throw new TypeError('not text');
    const unknown: Unknown[] = [];
    const substituted = text.replace(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`;
      const value = Object.hasOwn(variables, name)
        ? variables[name]
        : (openMaps(variables)[0]?.unknown ?? this.resolveName(name.trim()));
      if (value instanceof Unknown) unknown.push(value);
      return String(value);
    });
    return unknownAmong(unknown) ?? this.value(substituted);
  }

  private resolveName(name: string): unknown {
    return name.includes('.') ? this.attribute(splitAttribute(name)) : this.reference(name);
  }

  private condition(name: string): boolean {
    if (!Object.hasOwn(this.template.conditions, name)) {
      if (this.template.macros.length === 0) this.fail(`the template has no condition ${name}`);
      return this.assumed[name] ?? true;
    }
    const result = this.once(`Condition ${name}`, () => this.decide(name));
    if (!(result instanceof Unknown)) return result === true;
    this.undecided.set(name, { name, parameters: result.parameters });
    const assumed = this.assumed[name] ?? true;
    this.assumedParameters.assume(name, assumed);
    return assumed;
  }

  private decide(name: string): unknown {
    const outer = this.isDeciding;
    this.isDeciding = this.isExample;
    try {
      return this.value(this.template.conditions[name]);
    } finally {
      this.isDeciding = outer;
    }
  }

  private resourceNamed(name: string): Resource | undefined {
    return this.template.resources.find(({ logicalId }) => logicalId === name);
  }

  /** Returns a value that a transform or a loop creates. */
  private createdValue(name: string, argument: unknown): Unknown {
    const unknown = addedKeys(name, argument);
    this.fail(unknown.reason, undefined, true);
    return unknown;
  }

  private later(reason: string): Unknown {
    this.fail(reason, undefined, true);
    return new Unknown(reason);
  }

  private fail(reason: string, section?: string, knownLater = false, missingLogicalId?: string): Unknown {
    this.unresolved.push({
      ...this.place,
      ...(section !== undefined && { in: section }),
      reason,
      ...(missingLogicalId !== undefined && { missingLogicalId }),
      knownLater,
    });
    return new Unknown(reason);
  }
}

/** Whether a macro adds keys to the value, before its functions are resolved. */
function hasAddingKey(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).some(([key, item]) => isAddingKey(key) || hasAddingKey(item))
  );
}

/** In `Table.Arn`, the name of the resource ends at the first dot. */
function splitAttribute(text: string): [name: string, attribute: string] {
  const [name = '', ...attribute] = text.split('.');
  if (attribute.length === 0) throw new TypeError(`${text} names no attribute`);
  return [name, attribute.join('.')];
}
