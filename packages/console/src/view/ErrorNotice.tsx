/** Says what went wrong, and what to do. */
import { useState } from 'preact/hooks';
import type { ApiError, ConsoleConfig } from '../api/api';
import { storeCredentials } from './credentials';
import { useFocus } from './hooks';

interface Props {
  error: ApiError;
  /** The credentials that the server requires; undefined if unknown. */
  auth: ConsoleConfig['auth'] | undefined;
  /** Called when the user tries again, or has entered credentials. */
  onRetry: () => void;
}

export function ErrorNotice({ error, auth, onRetry }: Props) {
  if (error.status === 401) return <CredentialsForm {...{ error, auth, onRetry }} />;
  return (
    <div class="notice" role="alert">
      <h2>{titleOf(error)}</h2>
      <p>{error.message}</p>
      <p>{adviceFor(error)}</p>
      <button type="button" class="primary" onClick={onRetry}>
        Try again
      </button>
      <Reference error={error} />
    </div>
  );
}

function CredentialsForm({ error: { code, message }, auth = 'key', onRetry }: Props) {
  const [value, setValue] = useState('');
  const input = useFocus(true);
  const what = auth === 'jwt' ? 'Token' : 'API key';
  const submit = (event: Event) => {
    event.preventDefault();
    storeCredentials(auth, value.trim());
    onRetry();
  };
  return (
    <form class="notice" onSubmit={submit}>
      <h2>{auth === 'jwt' ? 'This server requires a token' : 'This server requires an API key'}</h2>
      {code === 'InvalidCredentials' && <p role="alert">{message}</p>}
      <label class="field">
        {what}
        <input
          type="password"
          autocomplete="off"
          required
          ref={input}
          value={value}
          onInput={(event) => setValue(event.currentTarget.value)}
        />
      </label>
      <p class="quiet">It is kept in this tab until you close it, and sent only to this server.</p>
      <button type="submit" class="primary">
        Continue
      </button>
    </form>
  );
}

function Reference({ error: { status, code, requestId } }: { error: ApiError }) {
  return (
    <p class="quiet reference">
      {status === 0 ? code : `${status} ${code}`}
      {requestId !== undefined && ` · request ${requestId}`}
    </p>
  );
}

function titleOf({ status }: ApiError): string {
  if (status === 0) return 'The connection ended';
  if (status === 200) return 'The response is not valid';
  if (status === 403) return 'Not allowed';
  if (status === 404) return 'Not found';
  if (status === 429) return 'Too many reads';
  return status >= 500 ? 'The server could not read the table' : 'The request is not valid';
}

function adviceFor({ status, code }: ApiError): string {
  if (status === 0) return 'Check that the server is running. Items that arrived completely stay.';
  if (status === 200)
    return 'Something between this page and the server has replaced the response, for example a proxy.';
  if (code === 'TableNotAllowed') return 'Add the table to ALLOWED_TABLES, or choose another table.';
  if (status === 429 || status === 503) return 'Wait a moment, then try again.';
  if (status >= 500) return 'The log of the server has the cause under the request id below.';
  return status === 400 ? 'Change the filter, then apply it again.' : '';
}
