import { describeWithChromium } from '../../../test/helpers/describeWithChromium';
import { validatePolicy, type CorsPolicy } from 'cors-policy';
import { checkCall, doctorCommand, type PageCall } from '../src/query/corsCheck';
import { Consoles } from './helpers/page';
import { CONFIG, sendItems } from './helpers/servedConsole';

const { settings } = CONFIG.cors;
const policy = validatePolicy({
  origins: ['http://localhost:*', 'https://*.example.com'],
  methods: ['POST', 'OPTIONS'],
  allowHeaders: ['Content-Type'],
  exposeHeaders: [],
  credentials: false,
  maxAge: 7200,
}) as CorsPolicy;
const CALL: PageCall = {
  origin: 'http://localhost:5173',
  method: 'POST',
  headers: 'Content-Type',
  credentials: false,
};

describe('checkCall', () => {
  it('allows a call of an allowed origin after a preflight', () => {
    expect(checkCall(policy, settings, CALL)).toMatchObject({ verdict: 'allowed', preflight: true });
  });

  it('sees that a POST without headers needs no preflight', () => {
    expect(checkCall(policy, settings, { ...CALL, headers: '' })).toMatchObject({
      verdict: 'allowed',
      preflight: false,
    });
  });

  it.each<[string, Partial<PageCall>, string]>([
    ['another origin', { origin: 'https://app.test' }, 'Add https://app.test to CORS_ALLOW_ORIGINS.'],
    ['the origin null', { origin: 'null' }, 'Only * allows it in CORS_ALLOW_ORIGINS.'],
    ['another header', { headers: 'Content-Type, X-Tenant' }, 'Add it to CORS_ALLOW_HEADERS.'],
    ['another method', { method: 'delete' }, 'Send one of POST, OPTIONS.'],
    ['credentials', { credentials: true }, 'Set to true: CORS_ALLOW_CREDENTIALS.'],
  ])('blocks %s, and names what would change it', (_, change, fix) => {
    const { verdict, reasons } = checkCall(policy, settings, { ...CALL, ...change });
    expect([verdict, reasons.join(' ')]).toEqual(['blocked', expect.stringContaining(fix)]);
  });

  it.each<[string, Partial<PageCall>, string]>([
    ['an origin with a path', { origin: 'http://localhost:5173/app' }, 'not an origin'],
    ['a header of the browser', { headers: 'Cookie' }, 'Only the browser'],
    ['a header whose name is not valid', { headers: 'X Y' }, 'not a header name'],
    ['a forbidden method', { method: 'TRACE' }, 'fetch throws'],
  ])('says that %s is not possible', (_, change, reason) => {
    const { verdict, reasons } = checkCall(policy, settings, { ...CALL, ...change });
    expect([verdict, reasons.join(' ')]).toEqual(['invalid', expect.stringContaining(reason)]);
  });
});

describe('doctorCommand', () => {
  it('repeats the call', () => {
    const call = { ...CALL, headers: 'Content-Type, X-Tenant', credentials: true };
    expect(doctorCommand('http://localhost:3000/scanRecords', call)).toBe(
      'npx cors-doctor http://localhost:3000/scanRecords --origin http://localhost:5173 --method POST --header Content-Type --header X-Tenant --credentials',
    );
  });

  it('quotes what a shell would run', () => {
    expect(doctorCommand('http://localhost:3000', { ...CALL, origin: '$(id)' })).toContain(
      "--origin '$(id)'",
    );
  });
});

describeWithChromium('the CORS panel', () => {
  const consoles = new Consoles();
  afterEach(() => consoles.closePages());
  afterAll(() => consoles.close());

  it('shows the policy, and decides about a call while it is entered', async () => {
    const { page } = await consoles.open((_, response) => sendItems(response, []), { fragment: 'tab=cors' });
    await page.getByText('http://localhost:*').waitFor();
    const verdict = page.getByRole('status');
    expect(await verdict.innerText()).toContain('Allowed');
    await page.getByLabel('Origin of the page').fill('https://app.test');
    await verdict.getByText('Add https://app.test to CORS_ALLOW_ORIGINS.').waitFor();
    const command = page.locator('code', { hasText: 'npx cors-doctor' });
    expect(await command.innerText()).toMatch(
      /^npx cors-doctor \S+ --origin https:\/\/app\.test --method \S+( --header \S+)*\s*$/,
    );
  });
});
