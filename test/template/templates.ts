/** The template of this project, and parameters to check it with. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkTemplate, type Deployment, type Finding, parseTemplate } from 'sam-template';
import { parseConfig } from '../../src/config/config';
import type { CorsPolicy } from 'cors-policy';

export const TEMPLATE_FILE = join(__dirname, '../../template.yaml');

export const TEMPLATE_TEXT = readFileSync(TEMPLATE_FILE, 'utf8');

export type Parameters = Readonly<Record<string, string>>;

export const LISTED: Parameters = {
  CorsAllowOrigins: 'https://a.example,https://*.b.example,http://*.c.example:8080,http://localhost:*',
  CorsAllowCredentials: 'true',
};

export const PARAMETER_SETS: [name: string, parameters: Parameters][] = [
  ['its defaults', {}],
  ['a list of origins, and credentials', LISTED],
  ['API keys', { Auth: 'key', ApiKeys: `front-end:${'a'.repeat(64)}` }],
  ['AWS principals', { Auth: 'iam' }],
  [
    'a table of its own',
    { CreateTable: 'true', TableName: 'Orders', StageName: 'v1', LogRetentionInDays: '7' },
  ],
];

/** A deployment of this project's template, whose parameter Auth has no default. */
export function deploymentWith(parameters: Parameters): Deployment {
  return { parameters: { Auth: 'none', ...parameters }, region: 'eu-central-1', accountId: '123456789012' };
}

/** Returns the CORS policy of the app after a deployment with these parameters. */
export function policyOf({ CorsAllowOrigins = '*', CorsAllowCredentials = 'false' }: Parameters): CorsPolicy {
  return parseConfig({ CORS_ALLOW_ORIGINS: CorsAllowOrigins, CORS_ALLOW_CREDENTIALS: CorsAllowCredentials })
    .cors;
}

export function check(text: string, parameters: Parameters): Finding[] {
  return checkTemplate(parseTemplate(text), deploymentWith(parameters), policyOf(parameters));
}
