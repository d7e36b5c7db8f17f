/** Resolves a template with given parameters: replaces references and intrinsic functions by their values. No I/O. */
import { attributeOf, pseudoParameters, referenceTo } from './references';
import type { Resource, Template } from './parse';

/** The values that a template gets from its deployment. */
export interface Deployment {
  /** Given parameters; the others have their defaults. */
  parameters: Readonly<Record<string, string>>;
  region: string;
  accountId: string;
}

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

export interface ResolvedTemplate {
  /** The resources whose condition is true, in the order of the file. */
  resources: Resource[];
  outputs: Record<string, unknown>;
  globals: Record<string, unknown>;
  unresolved: Unresolved[];
}

/** Resolves a template. A value that cannot be resolved becomes undefined and is listed in `unresolved`. */
export function resolveTemplate(template: Template, deployment: Deployment): ResolvedTemplate {
  return new Resolver(template, deployment).resolve();
}

const NO_VALUE = Symbol('AWS::NoValue');

class Resolver {
  private readonly template: Template;
  private readonly values: Map<string, unknown>;
  private readonly unresolved: Unresolved[] = [];
  private place: Pick<Unresolved, 'in' | 'line'> = { in: '', line: undefined };

  constructor(template: Template, { parameters, region, accountId }: Deployment) {
    this.template = template;
    this.values = new Map(Object.entries(pseudoParameters(region, accountId)));
    for (const name of Object.keys(parameters)) {
      if (!(name in template.parameters)) this.fail(`the template has no parameter ${name}`, 'Parameters');
    }
    for (const [name, { Default, Type = 'String' }] of Object.entries(template.parameters)) {
      const value = parameters[name] ?? Default;
      if (value === undefined)
        this.fail(`the parameter ${name} has neither a value nor a Default`, 'Parameters', true);
      else this.values.set(name, isList(Type) ? splitList(value) : value);
    }
  }

  resolve(): ResolvedTemplate {
    const { resources, globals, outputs } = this.template;
    const resolved = resources
      .filter(({ condition }) => condition === undefined || this.condition(condition))
      .map((resource) => {
        this.place = { in: resource.logicalId, line: resource.line };
        return { ...resource, properties: this.record(resource.properties) };
      });
    this.place = { in: 'Globals', line: undefined };
    const resolvedGlobals = this.record(globals);
    this.place = { in: 'Outputs', line: undefined };
    return {
      resources: resolved,
      globals: resolvedGlobals,
      outputs: this.record(outputs),
      unresolved: this.unresolved,
    };
  }

  private record(value: unknown): Record<string, unknown> {
    return (this.value(value) ?? {}) as Record<string, unknown>;
  }

  private value(value: unknown): unknown {
    if (Array.isArray(value)) {
      return value.map((item) => this.value(item)).filter((item) => item !== NO_VALUE);
    }
    if (typeof value !== 'object' || value === null) return value;
    const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
    if (others.length === 0 && (name === 'Ref' || name === 'Condition' || name.startsWith('Fn::'))) {
      // A property can be named Condition too, for example in an IAM statement.
      if (name !== 'Condition' || typeof argument === 'string') return this.call(name, argument);
    }
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, of]) => [key, this.value(of)] as const)
        .filter(([, of]) => of !== NO_VALUE),
    );
  }

  private call(name: string, argument: unknown): unknown {
    try {
      return this.apply(name, argument);
    } catch (error) {
      // The arguments have another form than the function needs.
      if (!(error instanceof TypeError)) throw error;
      return this.fail(`${name} has invalid arguments: ${JSON.stringify(argument)}`);
    }
  }

  private apply(name: string, argument: unknown): unknown {
    const list = () => this.value(argument) as unknown[];
    switch (name) {
      case 'Ref':
        return this.reference(String(argument));
      case 'Condition':
        return this.condition(String(argument));
      case 'Fn::GetAtt':
        return this.attribute(argument);
      case 'Fn::Sub':
        return this.substitute(argument);
      case 'Fn::If': {
        const [condition, then, otherwise] = argument as [string, unknown, unknown];
        return this.value(this.condition(condition) ? then : otherwise);
      }
      case 'Fn::Join': {
        const [separator, parts] = list() as [string, unknown[]];
        return parts.map(String).join(separator);
      }
      case 'Fn::Split': {
        const [separator, text] = list() as [string, unknown];
        return String(text).split(separator);
      }
      case 'Fn::Select': {
        const [index, from] = list() as [number | string, unknown[]];
        return from[Number(index)] ?? this.fail(`Fn::Select has no value at index ${index}`);
      }
      case 'Fn::FindInMap': {
        const [map, first, second] = list() as [string, string, string];
        const found = (this.template.mappings[map] as Record<string, Record<string, unknown>> | undefined)?.[
          first
        ];
        return found?.[second] ?? this.fail(`Mappings has no ${map}.${first}.${second}`);
      }
      case 'Fn::Base64':
        return Buffer.from(String(this.value(argument))).toString('base64');
      case 'Fn::Equals': {
        const [left, right] = list();
        return String(left) === String(right);
      }
      case 'Fn::Not':
        return list()[0] !== true;
      case 'Fn::And':
        return list().every((operand) => operand === true);
      case 'Fn::Or':
        return list().includes(true);
      default:
        return this.fail(`only CloudFormation can evaluate ${name}`, undefined, true);
    }
  }

  private reference(name: string): unknown {
    if (name === 'AWS::NoValue') return NO_VALUE;
    if (this.values.has(name)) return this.values.get(name);
    if (Object.hasOwn(this.template.parameters, name)) {
      return this.fail(
        `Ref ${name}: the value of this parameter is known only at deployment`,
        undefined,
        true,
      );
    }
    const resource = this.resource(name);
    if (resource === undefined)
      return this.fail(
        `Ref ${name}: the template has no parameter or resource of this name`,
        undefined,
        false,
        name,
      );
    return referenceTo(resource, (value) => this.value(value));
  }

  private attribute(argument: unknown): unknown {
    const [name = '', attribute = ''] = (argument as unknown[]).map((part) => String(this.value(part)));
    const resource = this.resource(name);
    if (resource === undefined)
      return this.fail(
        `Fn::GetAtt ${name}.${attribute}: the template has no resource ${name}`,
        undefined,
        false,
        name,
      );
    const read = (pseudo: string) => String(this.values.get(pseudo));
    return attributeOf(resource, attribute, (value) => this.value(value), read);
  }

  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-sub.html */
  private substitute(argument: unknown): unknown {
    const [text, variables]: [string, Record<string, unknown>] = Array.isArray(argument)
      ? [argument[0] as string, this.record(argument[1])]
      : [argument as string, {}];
    return text.replace(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`;
      if (Object.hasOwn(variables, name)) return String(variables[name]);
      const [logicalId = '', ...attribute] = name.trim().split('.');
      const value =
        attribute.length > 0 ? this.attribute([logicalId, attribute.join('.')]) : this.reference(logicalId);
      return String(value);
    });
  }

  private condition(name: string): boolean {
    if (!Object.hasOwn(this.template.conditions, name)) {
      this.fail(`the template has no condition ${name}`);
      return true;
    }
    return this.value(this.template.conditions[name]) === true;
  }

  private resource(name: string): Resource | undefined {
    return this.template.resources.find(({ logicalId }) => logicalId === name);
  }

  private fail(reason: string, section?: string, knownLater = false, missingLogicalId?: string): unknown {
    this.unresolved.push({
      ...this.place,
      ...(section !== undefined && { in: section }),
      reason,
      ...(missingLogicalId !== undefined && { missingLogicalId }),
      knownLater,
    });
    return undefined;
  }
}

function isList(type: string): boolean {
  return type === 'CommaDelimitedList' || type.startsWith('List<');
}

function splitList(value: unknown): string[] {
  return String(value)
    .split(',')
    .map((item) => item.trim());
}
