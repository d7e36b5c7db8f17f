/** The routes of /tables/{name}: the keys, the indexes and the size of an allowed table. */
import { Router } from 'express';
import type { Config } from '../config/config';
import type { Describe } from '../dynamodb/sharedDescriptions';
import { methodNotAllowed } from '../http/fallbackRoutes';
import { sendPreflightResponse } from '../http/preflight';
import { checkTable } from '../scan/access/allowedTables';
import { visibleDescription } from './visibleDescription';

const PREFIX = '/tables/';

/**
 * The paths of all tables. The name of a table may be an ARN, which contains a slash. A pattern without a parameter,
 * because Express would reject a name that it cannot decode, even in a preflight.
 */
export const TABLE_PATHS = /^\/tables\/./;

const METHODS = 'GET, HEAD, OPTIONS';

interface TableDependencies extends Pick<Config, 'allowedTables' | 'visibleAttributes' | 'itemFilter'> {
  describe: Describe;
}

export function tableRoutes({ describe, allowedTables, ...settings }: TableDependencies): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.options(TABLE_PATHS, (_request, response) => sendPreflightResponse(response, METHODS));
  router.get(TABLE_PATHS, async (request, response) => {
    const tableName = decoded(request.path.slice(PREFIX.length));
    checkTable(tableName, allowedTables);
    response.json(visibleDescription(tableName, await describe(tableName), settings));
  });
  router.all(TABLE_PATHS, methodNotAllowed(METHODS));
  return router;
}

/** Text that cannot be decoded is returned as it is. It is not the name of a table. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
