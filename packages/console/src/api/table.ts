/** The description of a table, as `GET /tables/{name}` returns it. */

export interface KeyAttribute {
  AttributeName: string;
  AttributeType: 'S' | 'N' | 'B';
  KeyType: 'HASH' | 'RANGE';
}

export interface IndexDescription {
  IndexName: string;
  KeySchema: KeyAttribute[];
  Projection: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  ItemCount?: number;
}

export interface TableDescription {
  TableName: string;
  ItemCount?: number;
  KeySchema: KeyAttribute[];
  Indexes: IndexDescription[];
}
