/** Reads templates with unusual YAML, and rejects those that never end. */
import { parseTemplate, resolveTemplate, TemplateError } from '../../src';

const DEPLOYMENT = { parameters: {}, region: 'us-east-1', accountId: '123456789012' };

const TOPIC = '{ Type: AWS::SNS::Topic }';

function unresolved(text: string): string[] {
  return resolveTemplate(parseTemplate(text), DEPLOYMENT).unresolved.map(({ reason }) => reason);
}

describe('aliases', () => {
  it('can stand for the section Resources, whose resources keep their lines', () => {
    const text = `Metadata:\n  Shared: &shared\n    Topic: ${TOPIC}\nResources: *shared\n`;
    expect(parseTemplate(text).resources.map(({ logicalId, line }) => [logicalId, line])).toEqual([
      ['Topic', 3],
    ]);
  });

  it('can be used hundreds of times', () => {
    const topics = Array.from({ length: 300 }, (_value, at) => `  T${at}: *topic\n`);
    const text = `Metadata: { Topic: &topic ${TOPIC} }\nResources:\n${topics.join('')}`;
    expect(parseTemplate(text).resources).toHaveLength(300);
  });

  it('add the keys of another map with <<', () => {
    const text = `Metadata: { Shared: &shared { DisplayName: a } }
Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { <<: *shared, TopicName: b } } }`;
    expect(parseTemplate(text).resources[0]?.properties).toEqual({ DisplayName: 'a', TopicName: 'b' });
  });

  it.each([
    ['its own anchor', 'Metadata: &a { b: *a }', 'part of its own anchor'],
    ['its own anchor in a list', 'Metadata: &a [1, [*a, *a]]', 'part of its own anchor'],
    ['an anchor that does not exist', 'Metadata: *missing', 'Unresolved alias'],
    [
      'aliases of aliases that would fill the memory',
      `Metadata:\n  a: &a [1]\n${Array.from(
        'bcdefghi',
        (name, at) =>
          `  ${name}: &${name} [${Array(10)
            .fill(`*${'abcdefgh'[at] ?? ''}`)
            .join()}]\n`,
      ).join('')}`,
      'Excessive alias count',
    ],
  ])('cannot be %s', (_what, metadata, message) => {
    const parse = () => parseTemplate(`${metadata}\nResources: { Topic: ${TOPIC} }`);
    expect(parse).toThrow(TemplateError);
    expect(parse).toThrow(message);
  });
});

it.each([300, 100_000])('rejects a template with %d levels', (levels) => {
  const parse = () =>
    parseTemplate(`{"Metadata": ${'['.repeat(levels)}${']'.repeat(levels)}, "Resources": { "T": 1 } }`);
  expect(parse).toThrow(TemplateError);
  expect(parse).toThrow('nested too deeply');
});

it.each([
  [
    'a condition',
    `Conditions: { A: !Not [Condition: B], B: !Not [Condition: A] }\nResources: { T: { Type: AWS::SNS::Topic, Condition: A } }`,
    'Condition A is part of its own value',
  ],
  [
    'the name of a function',
    'Resources: { Fn: { Type: AWS::Serverless::Function, Properties: { FunctionName: !Sub "${Fn}-x" } } }',
    'Ref Fn is part of its own value',
  ],
  [
    'the names of two tables',
    `Resources:
  A: { Type: AWS::DynamoDB::Table, Properties: { TableName: !Ref B } }
  B: { Type: AWS::DynamoDB::Table, Properties: { TableName: !GetAtt A.Arn } }`,
    'Ref A is part of its own value',
  ],
])('reports %s that depends on itself', (_what, text, reason) => {
  expect(unresolved(text).join()).toContain(reason);
});

it.each(['{ Fn::GetAtt: [Topic, !Ref Name] }', '{ Ref: !ImportValue Name }'])(
  'knows the value of %s only at deployment',
  (value) => {
    const text = `Parameters: { Name: { Type: String } }
Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: ${value} } } }`;
    const found = resolveTemplate(parseTemplate(text), DEPLOYMENT).unresolved;
    expect(found.filter(({ knownLater }) => !knownLater)).toEqual([]);
  },
);
