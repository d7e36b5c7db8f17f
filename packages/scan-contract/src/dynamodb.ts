/** Starts the fixture DynamoDB and prints the environment for a server under test (`npm run contract:dynamodb`). */
import { FIXTURES_URL, serverEnvironment, startFixtures } from './fixtures';
import type { Policy } from './policy';

/** The suggested policies: one allows any origin, the other lists origins, one of them with a wildcard. */
const POLICIES: readonly [args: string, policy: Policy][] = [
  ['--fixtures', { origins: '*', credentials: false }],
  [
    "--fixtures --credentials --origins 'https://app.example.com,https://*.pages.example.com,http://localhost:5173'",
    {
      origins: ['https://app.example.com', 'https://*.pages.example.com', 'http://localhost:5173'],
      credentials: true,
    },
  ],
];

async function main(): Promise<void> {
  const { url } = await startFixtures(Number(new URL(FIXTURES_URL).port));
  process.stdout.write(`The fixture DynamoDB is running at ${url}. Press Ctrl+C to stop it.\n`);
  for (const [args, policy] of POLICIES) {
    const variables = Object.entries(serverEnvironment(url, policy)).map(
      ([name, value]) => `  export ${name}='${value}'\n`,
    );
    process.stdout.write(
      `\nStart a server with\n\n${variables.join('')}\nand test it with\n\n  npm run contract -- http://localhost:3000 ${args}\n`,
    );
  }
}

main().catch((error: unknown) => {
  const { code, message } = error as NodeJS.ErrnoException;
  const portInUse = `Another program is listening at ${FIXTURES_URL}. Stop it first.`;
  process.stderr.write(`${code === 'EADDRINUSE' ? portInUse : message}\n`);
  process.exitCode = 2;
});
