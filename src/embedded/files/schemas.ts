/** Decides which keys and indexes a table has: from options, and from table descriptions. No I/O. */
import type { DescribedTable, Index, KeyNames, TableSchema } from './tableSchema';

/** What the user says about the tables. */
export interface SchemaOptions {
  /** The name of the default table, if the user has set it. */
  tableName: string | undefined;
  /** The key of tables that have no key of their own. */
  key: KeyNames | undefined;
  /** Keys by the name of the table. */
  tableKeys: ReadonlyMap<string, KeyNames>;
  /** More indexes of the default table. */
  indexes: readonly Index[];
}

const DEFAULT_KEY: KeyNames = { hash: 'id' };
const DEFAULT_TABLE = 'RecordsTable';

export class Schemas {
  private readonly options: SchemaOptions;
  private readonly described = new Map<string, DescribedTable>();
  private exportedTable: string | undefined;
  /** The description of the default table, if there is exactly one. */
  private onlyDescription: DescribedTable | undefined;

  constructor(options: SchemaOptions) {
    this.options = options;
  }

  /** Adds descriptions that are not part of a file with items. Callers must add them before any items are read. */
  addDescriptions(tables: readonly DescribedTable[]): void {
    for (const table of tables) this.add(table);
    this.onlyDescription = tables.length === 1 ? tables[0] : undefined;
  }

  /** Adds the name of an exported table, which is the default table unless something else names it. */
  addExport(tableName: string | undefined): void {
    this.exportedTable ??= tableName;
  }

  /** Adds the description of one of several tables in a file. */
  add(table: DescribedTable): void {
    this.described.set(table.tableName, table);
  }

  /** The name of the table of items whose table is not named. */
  defaultName(): string {
    const { options, onlyDescription, exportedTable } = this;
    return options.tableName ?? onlyDescription?.tableName ?? exportedTable ?? DEFAULT_TABLE;
  }

  /** @param tableName undefined is the default table. */
  of(tableName: string | undefined): TableSchema {
    const { options } = this;
    const name = tableName ?? this.defaultName();
    const isDefault = name === this.defaultName();
    const described = this.described.get(name) ?? (isDefault ? this.onlyDescription : undefined);
    return {
      key: options.tableKeys.get(name) ?? options.key ?? described?.key ?? DEFAULT_KEY,
      indexes: [...(described?.indexes ?? []), ...(isDefault ? options.indexes : [])],
    };
  }
}
