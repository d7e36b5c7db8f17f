import { execFileSync, spawnSync } from 'node:child_process';
import { check, PARAMETER_SETS, TEMPLATE_FILE, TEMPLATE_TEXT } from './templates';

describe('template.yaml', () => {
  it.each(PARAMETER_SETS)('passes every rule with %s', (_name, parameters) => {
    expect(check(TEMPLATE_TEXT, parameters)).toEqual([]);
  });
});

// cfn-lint is a Python program that npm cannot install. The npm package of the same name reports valid SAM properties.
const CFN_LINT = 'cfn-lint';
const describeWithCfnLint = spawnSync(CFN_LINT, ['--version']).status === 0 ? describe : describe.skip;

describeWithCfnLint('cfn-lint (skipped if it is not installed)', () => {
  it('finds nothing in template.yaml', () => {
    expect(execFileSync(CFN_LINT, [TEMPLATE_FILE], { encoding: 'utf8' })).toBe('');
  });
});
