/** The doctor's verdict if it depends on conditions that only the deployment decides. */
import { examineFile, samFile } from './templateFiles';

const PUT = '{ Type: Api, Properties: { Path: /items, Method: put, RestApiId: !Ref Api } }';

/** A template whose API has `Cors` for a condition. Each condition compares a parameter of its own. */
function withConditions(names: readonly string[], cors: string, more = ''): string {
  const api = `Api: { Type: AWS::Serverless::Api, Properties: { StageName: dev, Cors: ${cors} } }${more}`;
  const parameters = names.map((name) => `${name}Value: { Type: String }`).join(', ');
  const conditions = names.map((name) => `${name}: !Equals [!Ref ${name}Value, 'on']`).join(', ');
  return samFile(api, `E: ${PUT}`).replace(
    'Resources:',
    `Parameters: { ${parameters} }\nConditions: { ${conditions} }\nResources:`,
  );
}

const ALLOWED = `{ AllowHeaders: "'Content-Type'" }`;
const NONE = '!Ref AWS::NoValue';

/** Returns `Cors` that is missing only if every condition has the given result. */
function missingIf(results: Readonly<Record<string, boolean>>): string {
  return Object.entries(results).reduceRight(
    (inner, [name, result]) => `!If [${name}, ${result ? `${inner}, ${ALLOWED}` : `${ALLOWED}, ${inner}`}]`,
    NONE,
  );
}

const A_TO_E = ['A', 'B', 'C', 'D', 'E'];

/** Seven conditions that do not affect the API, but that cannot be ruled out one by one. */
const TOPICS = (names: readonly string[]) =>
  names
    .map((name) => `\n  Topic${name}: { Type: AWS::SNS::Topic, Condition: ${name}, Properties: {} }`)
    .join('');

describe('the verdict is unknown', () => {
  it.each([
    ['inside another one that is false', ['A', 'B'], missingIf({ A: false, B: false })],
    ['inside another one that is true', ['A', 'B'], missingIf({ A: true, B: false })],
    ['below three others', ['A', 'B', 'C', 'D'], missingIf({ A: false, B: true, C: false, D: true })],
    ['that is the fifth', A_TO_E, missingIf({ A: true, B: true, C: true, D: true, E: false })],
    [
      'with five others, of which no two have the same result in the error',
      [...A_TO_E, 'F'],
      missingIf({ A: true, B: false, C: true, D: false, E: true, F: false }),
    ],
  ])('if an error depends on a condition %s', async (_where, names, cors) => {
    const { code, output } = await examineFile(withConditions(names, cors));
    for (const name of names) expect(output).toContain(`the verdict depends on the condition ${name}`);
    expect(code).toBe(2);
  });

  it('if a condition of a nested application decides', async () => {
    const inner = withConditions(['A'], missingIf({ A: false }));
    const outer = samFile(
      'Shop: { Type: AWS::Serverless::Application, Properties: { Location: shop/template.yaml, Parameters: { AValue: !Ref Mode } } }',
      '',
    ).replace('Resources:', 'Parameters: { Mode: { Type: String } }\nResources:');
    const examine = (...args: string[]) => examineFile(outer, { 'shop/template.yaml': inner }, ...args);

    const { code, output } = await examine();
    expect(output).toContain('the verdict depends on the condition Shop.A');
    expect(output).toContain('--parameter Mode=VALUE');
    expect(code).toBe(2);
    expect((await examine('--parameter', 'Mode=on')).code).toBe(0);
    expect((await examine('--parameter', 'Mode=off')).code).toBe(1);
  });

  it('if a part is not examined only when a condition is false', async () => {
    const definition = `, DefinitionBody: !If [A, !Ref AWS::NoValue, { Fn::Transform: { Name: AWS::Include, Parameters: { Location: 's3://bucket/api.yaml' } } }]`;
    const template = withConditions(['A'], `${ALLOWED}${definition}`);
    const { code, output } = await examineFile(template);
    expect(output).toContain('Not examined:');
    expect(code).toBe(2);
    expect((await examineFile(template, {}, '--parameter', 'AValue=on')).code).toBe(0);
  });

  it('if the conditions have too many combinations to examine all', async () => {
    const names = Array.from('ABCDEFGHIJ');
    const { code, output } = await examineFile(withConditions(names, ALLOWED, TOPICS(names)));
    expect(output.replace(/\s+/g, ' ')).toContain('have more than 128 combinations');
    expect(output).toContain('--parameter AValue=VALUE --parameter BValue=VALUE');
    expect(code).toBe(2);
    const given = names.slice(4).flatMap((name) => ['--parameter', `${name}Value=on`]);
    expect((await examineFile(withConditions(names, ALLOWED, TOPICS(names)), {}, ...given)).code).toBe(0);
  });
});

describe('the region of the deployment', () => {
  const template = (cors: string) =>
    withConditions([], cors).replace(
      /Parameters: [^]*Resources:/,
      'Conditions: { IsEast: !Equals [!Ref AWS::Region, us-east-1] }\nMappings: { Regions: { us-east-1: { Headers: "\'Content-Type\'", Same: "\'*\'" }, eu-west-1: { Headers: "\'X-Other\'", Same: "\'*\'" } } }\nResources:',
    );

  it.each([
    ['a condition', `!If [IsEast, ${ALLOWED}, ${NONE}]`, 'the condition IsEast'],
    ['a mapping', '{ AllowHeaders: !FindInMap [Regions, !Ref AWS::Region, Headers] }', 'Not examined'],
  ])('is not known, so the verdict is unknown if it depends on %s', async (_what, cors, message) => {
    const { code, output } = await examineFile(template(cors));
    expect(output).toContain(message);
    expect(code).toBe(2);
  });

  it.each([
    ['a condition', `!If [IsEast, ${ALLOWED}, { AllowHeaders: "'*'" }]`],
    ['a mapping', '{ AllowHeaders: !FindInMap [Regions, !Ref AWS::Region, Same] }'],
  ])('does not matter if every value of %s has the same verdict', async (_what, cors) => {
    expect((await examineFile(template(cors))).code).toBe(0);
  });
});

it('names only the conditions that matter', async () => {
  const template = withConditions(['A', 'B'], missingIf({ A: false }), TOPICS(['B']));
  const { output } = await examineFile(template);
  expect(output).toContain('the verdict depends on the condition A');
  expect(output).not.toContain('the condition B');
  expect(output).not.toContain('BValue');
});

it('reports the certain error, and that there can be more', async () => {
  const more =
    '\n  Other: { Type: AWS::Serverless::Api, Condition: A, Properties: { StageName: other, Cors: x } }';
  const event = `E: ${PUT}, F: ${PUT.replace('!Ref Api', '!Ref Other').replace('put', 'post')}`;
  const template = withConditions(['A'], NONE, more).replace(`E: ${PUT}`, event);
  const { code, output } = await examineFile(template);
  expect(output).toContain('Api (sam-cors-missing)');
  expect(output).not.toContain('Other (sam-cors-quotes)');
  expect(output).toContain('whether there are more errors depends on the condition A');
  expect(code).toBe(1);
});

describe('conditions that compare one parameter', () => {
  const stages = ['Dev', 'Test', 'Qa', 'Canary', 'Staging', 'Demo', 'Load', 'Live', 'Backup'];
  const sections = (allowed: string) =>
    `Parameters: { Stage: { Type: String${allowed} } }\nConditions: { ${stages.map((name) => `${name}: !Equals [!Ref Stage, ${name}]`).join(', ')} }\nResources:`;
  const template = (cors: string, allowed = '') =>
    withConditions([], cors, TOPICS(stages)).replace(/Parameters: [^]*Resources:/, sections(allowed));

  it('exclude each other', async () => {
    expect((await examineFile(template(ALLOWED))).code).toBe(0);
    const never = `!If [Dev, !If [Test, ${NONE}, ${ALLOWED}], ${ALLOWED}]`;
    expect((await examineFile(template(never))).code).toBe(0);
  });

  it('cannot all be false if the parameter allows no other value', async () => {
    const cors = stages.reduceRight((inner, name) => `!If [${name}, ${ALLOWED}, ${inner}]`, NONE);
    expect((await examineFile(template(cors))).code).toBe(2);
    expect((await examineFile(template(cors, `, AllowedValues: [${stages.join(', ')}]`))).code).toBe(0);
  });
});
