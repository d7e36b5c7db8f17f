/** Limits requests to the tables of ALLOWED_TABLES. No I/O. */
import { HttpProblem } from '../../http/problem';

/** @throws HttpProblem 403 if the server does not serve the table. */
export function checkTable(tableName: string, allowedTables: readonly string[]): void {
  if (allowedTables.includes(tableName)) return;
  const detail =
    'This server does not serve that table. Its setting ALLOWED_TABLES lists the tables it serves.';
  throw new HttpProblem('TableNotAllowed', detail);
}
