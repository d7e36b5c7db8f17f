/** Opens a table for one test on dynalite, or on the engine at TEST_DYNAMODB_ENDPOINT. */
import { randomUUID } from 'node:crypto';
import { startEngine } from '../../src/embedded/engine';
import type { KeySchema } from '../../src/embedded/files/keys';
import type { Repository } from '../../src/dynamodb/repository';
import { loadTable } from './loadTable';
import { repositoryAt } from './servedApp';

export interface EngineTable {
  tableName: string;
  repository: Repository;
  close(): Promise<void>;
}

/** Creates a table with the items, which are DynamoDB JSON. */
export async function openEngineTable(
  items: readonly string[],
  key: KeySchema = [{ name: 'id', type: 'S' }],
  indexes: readonly { name: string; key: KeySchema }[] = [],
): Promise<EngineTable> {
  const given = process.env.TEST_DYNAMODB_ENDPOINT;
  const engine = given === undefined ? await startEngine() : undefined;
  const endpoint = engine?.endpoint ?? given ?? '';
  const tableName = `Test-${randomUUID()}`;
  await loadTable(
    { endpoint, tableName },
    { items: items.map((json, index) => ({ json, where: `item ${index}` })), key, indexes },
  );
  const repository = repositoryAt(endpoint);
  return {
    tableName,
    repository,
    close: async () => {
      repository.close();
      await engine?.close();
    },
  };
}
