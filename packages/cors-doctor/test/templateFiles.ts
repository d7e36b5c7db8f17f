/** Runs the doctor on templates and on the files that they include, without a process or a file system. */
import { PassThrough } from 'node:stream';
import { runDoctor } from '../src/command';
import { styleFor } from '../src/terminal';

export interface TemplateResult {
  code: number;
  output: string;
}

/**
 * Returns what `cors-doctor template.yaml` prints, and its exit code.
 *
 * @param files the text of other files, by path.
 */
export async function examineFile(
  template: string,
  files: Readonly<Record<string, string>> = {},
  ...args: readonly string[]
): Promise<TemplateResult> {
  let output = '';
  const code = await runDoctor(['template.yaml', ...args], {
    transport: () => Promise.reject(new Error('A template is examined without requests')),
    readFile: (path) => {
      const text = path === 'template.yaml' ? template : files[path];
      return text === undefined ? Promise.reject(new Error(`no file ${path}`)) : Promise.resolve(text);
    },
    write: (text) => {
      output += text;
    },
    style: styleFor(new PassThrough()),
  });
  return { code, output };
}

/** Returns a template with SAM's transform, a function and its events in flow style. */
export function samFile(resources: string, events: string, globals = ''): string {
  return `Transform: AWS::Serverless-2016-10-31
${globals === '' ? '' : `Globals: { ${globals} }\n`}Resources:
${resources === '' ? '' : `  ${resources}\n`}  Fn:
    Type: AWS::Serverless::Function
    Properties: { Handler: index.handler, Runtime: nodejs22.x, CodeUri: ., Events: { ${events} } }
`;
}
