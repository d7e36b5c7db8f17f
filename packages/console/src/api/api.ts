/** The server's API as this page uses it. The only file that sends requests. */
import type { CorsPolicy, CorsSettings } from 'cors-policy';
import type { Expressions } from '../query/expressions';
import type { TableDescription } from './table';

export interface ConsoleConfig {
  version: string;
  tables: string[];
  defaultTable: string;
  auth: 'none' | 'key' | 'jwt';
  cors: {
    policy: CorsPolicy;
    /** The server's setting for each field of the policy that it lets users set. */
    settings: Partial<Record<keyof CorsSettings, string>>;
  };
}

/** What is read: the parameters of `scanRecords` that the user chooses. */
export interface Query extends Expressions {
  TableName: string;
  IndexName?: string;
}

export type ScanParameters = Query & Record<string, unknown>;

/** A request failed. `status` is 0 if there was no response. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;
  /** With status 401: the credentials that the server requires. */
  readonly auth: ConsoleConfig['auth'] | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    { requestId, auth }: { requestId?: string | undefined; auth?: ConsoleConfig['auth'] } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.auth = auth;
  }
}

const TYPED_JSON = 'application/x-amz-json-1.0';

export class Api {
  private readonly headers: () => Record<string, string>;

  /** @param headers returns the headers that carry the user's credentials. */
  constructor(headers: () => Record<string, string>) {
    this.headers = headers;
  }

  config(): Promise<ConsoleConfig> {
    return this.json('console/config.json');
  }

  table(name: string): Promise<TableDescription> {
    return this.json(`tables/${encodeURIComponent(name)}`);
  }

  /**
   * Starts to read items in DynamoDB's typed form.
   *
   * @throws ApiError
   */
  scan(parameters: ScanParameters, signal: AbortSignal): Promise<Response> {
    return this.send('scanRecords', {
      signal,
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: TYPED_JSON },
      body: JSON.stringify(parameters),
    });
  }

  /** Requests a download as a whole, for servers that need credentials, which a link cannot send. */
  async download(url: string): Promise<Blob> {
    return (await this.send(url, {})).blob();
  }

  private async json<Body>(path: string): Promise<Body> {
    return (await (await this.send(path, {})).json()) as Body;
  }

  private async send(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    for (const [name, value] of Object.entries(this.headers())) headers.set(name, value);
    let response: Response;
    try {
      response = await fetch(path, { ...init, headers });
    } catch (error) {
      if (init.signal?.aborted === true) throw error;
      throw networkError();
    }
    if (response.ok) return response;
    throw await problemOf(response);
  }
}

/** The error for a request without a response, or with one that the server reset. */
export function networkError(): ApiError {
  return new ApiError(0, 'ConnectionFailed', 'The connection to the server failed.');
}

/** Returns the URL of a GET, relative to this page. */
export function scanUrl(parameters: ScanParameters, more: Record<string, string>): string {
  const entries = Object.entries({ ...parameters, ...more })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
  return `scanRecords?${new URLSearchParams(entries).toString()}`;
}

async function problemOf(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as Partial<
    Record<'code' | 'detail' | 'title' | 'requestId', string>
  >;
  const message = problem.detail ?? problem.title ?? `The server returned status ${response.status}.`;
  return new ApiError(response.status, problem.code ?? `Status${response.status}`, message, {
    requestId: problem.requestId,
    ...(response.status === 401 && { auth: authOf(response) }),
  });
}

function authOf(response: Response): ConsoleConfig['auth'] {
  return /^Bearer\b/i.test(response.headers.get('WWW-Authenticate') ?? '') ? 'jwt' : 'key';
}
