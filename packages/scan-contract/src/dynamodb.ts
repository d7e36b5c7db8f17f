/** Starts the fixture DynamoDB and prints the environment for a server under test (`npm run contract:dynamodb`). */
import {
  CONTRACT_KEY,
  FIXTURES_URL,
  protectedEnvironment,
  serverEnvironment,
  startFixtures,
} from './fixtures';
import type { Policy } from './policy';

/** The suggested policies: one allows any origin, the other lists origins, one of them with a wildcard. */
const ANY_ORIGIN: Policy = { origins: '*', credentials: false };

const POLICIES: readonly [args: string, policy: Policy][] = [
  ['--fixtures', ANY_ORIGIN],
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
  for (const [args, policy] of POLICIES) suggest(args, serverEnvironment(url, policy));
  suggest(`--fixtures --protected --direct --api-key ${CONTRACT_KEY}`, protectedEnvironment(url, ANY_ORIGIN));
}

function suggest(args: string, environment: Readonly<Record<string, string>>): void {
  const variables = Object.entries(environment).map(([name, value]) => `  export ${name}='${value}'\n`);
  process.stdout.write(
    `\nStart a server with\n\n${variables.join('')}\nand test it with\n\n  npm run contract -- http://localhost:3000 ${args}\n`,
  );
}

main().catch((error: unknown) => {
  const { code, message } = error as NodeJS.ErrnoException;
  const portInUse = `Another program is listening at ${FIXTURES_URL}. Stop it first.`;
  process.stderr.write(`${code === 'EADDRINUSE' ? portInUse : message}\n`);
  process.exitCode = 2;
});
