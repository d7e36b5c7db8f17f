import { execFileSync, spawnSync } from 'node:child_process';
import { check, PARAMETER_SETS, TEMPLATE_FILE, TEMPLATE_TEXT } from './templates';

test.each(PARAMETER_SETS)('the template passes every check with %s', (_name, parameters) => {
  expect(check(TEMPLATE_TEXT, parameters)).toEqual([]);
});

const CFN_LINT = 'cfn-lint';
const describeWithCfnLint = spawnSync(CFN_LINT, ['--version']).status === 0 ? describe : describe.skip;

describeWithCfnLint('cfn-lint, where it is on the PATH,', () => {
  test('finds nothing in the template', () => {
    expect(execFileSync(CFN_LINT, [TEMPLATE_FILE], { encoding: 'utf8' })).toBe('');
  });
});
