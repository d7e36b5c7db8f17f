/** The server's API as this page uses it. The client reads the items, and this file sends all other requests. */
import type { CorsPolicy, CorsSettings } from 'cors-policy';
import { createClient, type Client, type ScanParameters } from 'scan-records-client';
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

/** The user's API key or token. */
export interface Credentials {
  apiKey?: string;
  token?: string;
}

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

/** A page without news for long looks broken, so retries are few and short. Then a button resumes the read. */
const RETRIES = { retries: 3, maxRetryAfter: 2 };

/** Parameters of a request for the items of one table. */
export type TableParameters = ScanParameters & { TableName: string };

export class Api {
  private readonly credentials: () => Credentials;

  constructor(credentials: () => Credentials) {
    this.credentials = credentials;
  }

  /** Returns the client that reads the items of a table, in DynamoDB's typed form. */
  client(tableName: string): Client<Record<string, unknown>> {
    return createClient('.', { ...this.credentials(), tableName, values: 'typed', ...RETRIES });
  }

  config(): Promise<ConsoleConfig> {
    return this.json('console/config.json');
  }

  table(name: string): Promise<TableDescription> {
    return this.json(`tables/${encodeURIComponent(name)}`);
  }

  /** Requests a download as a whole, for servers that need credentials, which a link cannot send. */
  async download(url: string): Promise<Blob> {
    return (await this.send(url)).blob();
  }

  private async json<Body>(path: string): Promise<Body> {
    return (await (await this.send(path)).json()) as Body;
  }

  private async send(path: string): Promise<Response> {
    const { apiKey, token } = this.credentials();
    const headers = {
      ...(apiKey !== undefined && { 'X-Api-Key': apiKey }),
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    };
    let response: Response;
    try {
      response = await fetch(path, { headers });
    } catch {
      throw connectionFailed();
    }
    if (response.ok) return response;
    throw await problemOf(response);
  }
}

/** Returns the error for a request without a response. */
export function connectionFailed(): ApiError {
  return new ApiError(0, 'NetworkError', 'The connection to the server failed.');
}

/** Returns the URL of a GET, relative to this page. */
export function scanUrl(parameters: TableParameters, more: Record<string, string>): string {
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
