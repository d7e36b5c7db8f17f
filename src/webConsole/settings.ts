/** What the console's web page must know about the server. No I/O. */
import type { CorsPolicy } from 'cors-policy';
import type { Config } from '../config/config';
import { CORS_VARIABLES } from '../config/corsSettings';

/** The settings that the page depends on. */
export type ConsoleConfig = Pick<
  Config,
  'allowedTables' | 'tableName' | 'auth' | 'cors' | 'visibleAttributes'
>;

/** The content of /console/config.json: nothing that a client of the API cannot find out, and no secret. */
export interface ConsoleSettings {
  /** The version of the server. */
  version: string;
  /** The tables that a request may name. */
  tables: readonly string[];
  /** The table of a request that names none. */
  defaultTable: string;
  /** Which credentials a request needs: none, an API key, or a JSON Web Token. */
  auth: Config['auth']['kind'];
  cors: {
    /** For `decide` of the package cors-policy. */
    policy: CorsPolicy;
    /** The setting of each field of the policy that users can set. */
    settings: typeof CORS_VARIABLES;
  };
  /** The attributes that clients may use, by table; absent if all. */
  visibleAttributes?: Readonly<Record<string, readonly string[]>>;
}

/** Picks the settings. They contain neither the digests of API keys nor anything about the issuer of tokens. */
export function consoleSettings(config: ConsoleConfig, version: string): ConsoleSettings {
  const { allowedTables, tableName, auth, cors, visibleAttributes } = config;
  return {
    version,
    tables: allowedTables,
    defaultTable: tableName,
    auth: auth.kind,
    cors: { policy: cors, settings: CORS_VARIABLES },
    ...(visibleAttributes !== undefined && { visibleAttributes }),
  };
}
