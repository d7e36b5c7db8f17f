/** What the command prints when it listens. */
import { startProcess } from './gatewayProcess';

it('makes control characters of the template visible', async () => {
  const template = `
Transform: AWS::Serverless-2016-10-31
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs20.x
      CodeUri: "missing\\e[2J"
      Events: { Get: { Type: Api, Properties: { Path: "/a\\e[2J", Method: get } } }
`;
  const gateway = await startProcess({ 'template.yaml': template });
  try {
    await gateway.listening();
    expect(gateway.output.stdout).toContain('/Prod/a\\u001b[2J');
    expect(gateway.output.stdout).toContain('missing\\u001b[2J does not exist');
    expect(gateway.output.stdout).not.toContain('\u001b');
  } finally {
    await gateway.remove();
  }
});
