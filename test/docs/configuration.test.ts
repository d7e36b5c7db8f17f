import { USAGE as CONTRACT_USAGE } from '../../packages/scan-contract/src/command';
import { USAGE as DOCTOR_USAGE } from '../../packages/cors-doctor/src/arguments';
import { USAGE as GATEWAY_USAGE } from '../../packages/sam-gateway/src/arguments';
import { USAGE as START_USAGE } from '../../src/cli/arguments';
import { parseConfig } from '../../src/config/config';
import { codeIn, tableRows } from './tables';

const VARIABLES = ['Server', 'DynamoDB', 'Access', 'CORS']
  .flatMap((heading) => tableRows('configuration.md', heading))
  .filter(([name]) => name !== 'variable');

describe('docs/configuration.md', () => {
  it('lists exactly the environment variables that the server reads', () => {
    const read = new Set<string>();
    // At an endpoint, so that the region is read too.
    for (const values of [{ DYNAMODB: 'http://localhost:8000' }, {}] as Record<string, string>[]) {
      parseConfig(
        new Proxy(values, {
          get(target, name: string) {
            read.add(name);
            return target[name];
          },
        }),
      );
    }
    expect(VARIABLES.flatMap(([names]) => codeIn(names)).sort()).toEqual([...read].sort());
  });

  it('gives the default of every variable', () => {
    const defaults = VARIABLES.map(([name, value = '']) => [codeIn(name)[0], /^`([^`]+)`$/.exec(value)?.[1]]);
    const environment = Object.fromEntries(defaults.filter(([, value]) => value !== undefined)) as Record<
      string,
      string
    >;
    // The default of ALLOWED_TABLES is the value of another variable.
    environment.ALLOWED_TABLES = environment[environment.ALLOWED_TABLES ?? ''] ?? '';
    expect(Object.keys(environment).length).toBeGreaterThan(15);
    expect(parseConfig(environment)).toEqual(parseConfig({}));
  });

  it.each([
    ['Options of `scan-records`', START_USAGE],
    ['Options of `npm run gateway`', GATEWAY_USAGE],
    ['Options of `npm run doctor`', DOCTOR_USAGE],
    ['Options of `npm run contract`', CONTRACT_USAGE],
  ])('lists exactly the options of the usage text in the section %s', (heading, usage) => {
    const documented = tableRows('configuration.md', heading).map(([flag]) => flag ?? '');
    expect(flagsIn(documented.join('\n'))).toEqual(flagsIn(usage));
  });
});

function flagsIn(text: string): string[] {
  return [...new Set(text.match(/--[a-z][\w-]*/g))].sort();
}
