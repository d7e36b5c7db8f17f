/** Writes the table of packages/sam-template/docs/coverage.md from the code. Run it after a change of coverage.ts. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { coverageTable } from 'sam-template';

const FILE = join(__dirname, '../packages/sam-template/docs/coverage.md');

const [introduction = ''] = readFileSync(FILE, 'utf8').split('| resource |', 1);
writeFileSync(FILE, introduction + coverageTable());
