/** Expands Fn::ForEach as the transform AWS::LanguageExtensions does. */
import { parseTemplate } from '../../src';

function parse(resources: string, transform = '[AWS::LanguageExtensions, AWS::Serverless-2016-10-31]') {
  return parseTemplate(`Transform: ${transform}\nResources:\n${resources}`);
}

const TOPICS = `
  Before: { Type: AWS::SNS::Topic }
  Fn::ForEach::Topics:
    - Name
    - [good-news, bad-news]
    - Topic&{Name}: { Type: AWS::SNS::Topic, Properties: { TopicName: !Ref Name, DisplayName: !Sub 'x-\${Name}' } }
`;

it('creates one resource for each value, at the line of the loop', () => {
  const { resources, macros } = parse(TOPICS);
  expect(resources.map(({ logicalId, line, properties }) => ({ logicalId, line, properties }))).toEqual([
    { logicalId: 'Before', line: 4, properties: {} },
    {
      logicalId: 'Topicgoodnews',
      line: 5,
      properties: { TopicName: 'good-news', DisplayName: { 'Fn::Sub': 'x-good-news' } },
    },
    {
      logicalId: 'Topicbadnews',
      line: 5,
      properties: { TopicName: 'bad-news', DisplayName: { 'Fn::Sub': 'x-bad-news' } },
    },
  ]);
  expect(macros).toEqual([]);
});

it('expands loops in properties, and loops in loops', () => {
  const { resources } = parse(`
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Fn::ForEach::Paths:
          - Path
          - [a, b]
          - Fn::ForEach::Methods:
              - Method
              - [get, post]
              - \${Method}\${Path}: { Type: Api, Properties: { Path: '/\${Path}', Method: !Ref Method } }
`);
  expect(Object.keys(resources[0]?.properties.Events as object)).toEqual(['geta', 'posta', 'getb', 'postb']);
});

it.each([
  ['without the transform', TOPICS, 'AWS::Serverless-2016-10-31'],
  ['over a parameter', TOPICS.replace('[good-news, bad-news]', '!Ref Names'), 'AWS::LanguageExtensions'],
  ['that is malformed', '  Fn::ForEach::Topics: text\n  Before: {}\n', 'AWS::LanguageExtensions'],
])('names a loop %s among the parts that can declare anything', (_what, resources, transform) => {
  const template = parse(resources, transform);
  expect(template.macros).toEqual(['Fn::ForEach::Topics']);
  expect(template.resources.map(({ logicalId }) => logicalId)).toEqual(['Before']);
});
