const { spawnSync } = require('node:child_process');

/** Builds the commands before the first test if a source has changed, because tests run the compiled commands. */
module.exports = ({ rootDir }) => {
  // Jest sets NODE_ENV to "test", and Vite would build the console for it.
  const env = { ...process.env };
  delete env.NODE_ENV;
  const { status } = spawnSync(process.execPath, ['scripts/build-if-stale.mjs'], {
    cwd: rootDir,
    env,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The build failed.');
};
