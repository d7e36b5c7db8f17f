/** Builds the console's web page, and copies it to where the published server looks for it. */
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import process from 'node:process';

const TARGET = 'dist/console';

const { status } = spawnSync('npm', ['run', '--silent', 'build', '--workspace', 'packages/console'], {
  stdio: 'inherit',
  // On Windows, npm is a script.
  shell: process.platform === 'win32',
});
if (status === 0) {
  // Without the files of the last build, whose names have another hash.
  rmSync(TARGET, { recursive: true, force: true });
  cpSync('packages/console/dist', TARGET, { recursive: true });
} else {
  process.exitCode = status ?? 1;
}
