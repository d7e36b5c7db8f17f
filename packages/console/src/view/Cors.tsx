/** The CORS policy in words, and what it means for one call of a web page. */
import { Fragment } from 'preact';
import { useState } from 'preact/hooks';
import { formatOrigin, type CorsPolicy } from 'cors-policy';
import type { ConsoleConfig } from '../api/api';
import { checkCall, doctorCommand, type PageCall } from '../query/corsCheck';
import { CopyButton } from './CopyButton';
import { formatCount } from './format';

interface Props {
  config: ConsoleConfig;
}

const EXAMPLE: PageCall = {
  origin: 'http://localhost:5173',
  method: 'POST',
  headers: 'Content-Type',
  credentials: false,
};

const VERDICTS = { allowed: 'Allowed', blocked: 'Blocked by the browser', invalid: 'Not possible' };

export function Cors({ config: { cors } }: Props) {
  const [call, setCall] = useState(EXAMPLE);
  const { verdict, reasons, preflight } = checkCall(cors.policy, cors.settings, call);
  const command = doctorCommand(new URL('scanRecords', location.href).href, call);
  const text = (label: string, name: 'origin' | 'method' | 'headers', hint: string) => (
    <label class="field">
      {label}
      <input
        value={call[name]}
        placeholder={hint}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => setCall({ ...call, [name]: event.currentTarget.value })}
      />
    </label>
  );
  return (
    <main class="stage cors">
      <section aria-labelledby="policy-title">
        <h2 id="policy-title">Which web pages can read?</h2>
        <Policy cors={cors} />
      </section>
      <section aria-labelledby="call-title">
        <h2 id="call-title">Try a call</h2>
        <form class="call" onSubmit={(event) => event.preventDefault()}>
          {text('Origin of the page', 'origin', 'http://localhost:5173')}
          {text('Method', 'method', 'POST')}
          {text('Request headers', 'headers', 'Content-Type, X-Api-Key')}
          <label class="check">
            <input
              type="checkbox"
              checked={call.credentials}
              onChange={(event) => setCall({ ...call, credentials: event.currentTarget.checked })}
            />
            With credentials (cookies)
          </label>
        </form>
        <div class={`verdict ${verdict}`} role="status">
          <strong>{VERDICTS[verdict]}</strong>
          {reasons.map((reason) => (
            <p key={reason}>{reason}</p>
          ))}
          {verdict !== 'invalid' && (
            <p class="quiet">
              {preflight
                ? 'The browser sends an OPTIONS request first.'
                : 'The browser sends no OPTIONS request first.'}
            </p>
          )}
        </div>
        <h3>Ask the running server</h3>
        <div class="command">
          <code tabIndex={0}>
            {command.split(/ (?=--)/).map((part) => (
              // The space is outside: a block would drop it.
              <Fragment key={part}>
                <span>{part}</span>{' '}
              </Fragment>
            ))}
          </code>
          <CopyButton text={() => command} />
        </div>
      </section>
    </main>
  );
}

function Policy({ cors: { policy, settings } }: { cors: ConsoleConfig['cors'] }) {
  const rows: [string, string, string | undefined][] = [
    ['Origins', originsText(policy), settings.origins],
    ['Methods', policy.methods.join(', '), settings.methods],
    ['Request headers', policy.allowHeaders.join(', ') || 'none', settings.allowHeaders],
    [
      'Response headers that pages can read',
      policy.exposeHeaders.join(', ') || 'none',
      settings.exposeHeaders,
    ],
    ['Credentials', policy.credentials ? 'allowed' : 'not allowed', settings.credentials],
    ['A browser keeps a preflight', `${formatCount(policy.maxAge)} seconds`, settings.maxAge],
  ];
  return (
    <dl class="policy">
      {rows.map(([title, value, setting]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>
            {value}
            {setting !== undefined && <code class="quiet">{setting}</code>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function originsText({ origins }: CorsPolicy): string {
  if (origins === '*') return 'every web page (*)';
  return origins
    .map(({ scheme, host, port, subdomains }) => formatOrigin(scheme, subdomains ? `*.${host}` : host, port))
    .join(', ');
}
