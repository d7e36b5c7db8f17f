/** npm run contract:dynamodb: the fixture DynamoDB, and the environment to start a server with. */
import { FIXTURES_URL, serverEnvironment, startFixtures } from './fixtures';
import type { Policy } from './policy';

/** One policy for any origin, and one that lists some, of which one is a pattern. */
const POLICIES: readonly [arguments: string, policy: Policy][] = [
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
  process.stdout.write(`The fixture DynamoDB is at ${url}; ctrl-C ends it.\n`);
  for (const [given, policy] of POLICIES) {
    const variables = Object.entries(serverEnvironment(url, policy)).map(
      ([name, value]) => `  export ${name}='${value}'\n`,
    );
    process.stdout.write(
      `\nStart a server with\n\n${variables.join('')}\nand hold it to the contract with\n\n  npm run contract -- http://localhost:3000 ${given}\n`,
    );
  }
}

main().catch((error: unknown) => {
  const { code, message } = error as NodeJS.ErrnoException;
  const taken = `Another program listens at ${FIXTURES_URL}: stop it first.`;
  process.stderr.write(`${code === 'EADDRINUSE' ? taken : message}\n`);
  process.exitCode = 2;
});
