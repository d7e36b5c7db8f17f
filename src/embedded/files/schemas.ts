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
  private readonly exportedTables = new Set<string>();
  /** The description of the table whose items do not name it, if there is exactly one. */
  private onlyDescription: DescribedTable | undefined;

  constructor(options: SchemaOptions) {
    this.options = options;
  }

  /** Adds descriptions that are not part of a file with items. Callers must add them before any items are read. */
  addDescriptions(tables: readonly DescribedTable[]): void {
    for (const table of tables) this.add(table);
    this.onlyDescription = tables.length === 1 ? tables[0] : undefined;
  }

  /** Adds the name of an exported table. */
  addExport(tableName: string): void {
    this.exportedTables.add(tableName);
  }

  /** Adds the description of one of several tables in a file. */
  add(table: DescribedTable): void {
    this.described.set(table.tableName, table);
  }

  /**
   * Returns the name of the table of items that do not name it.
   *
   * @param exportedTable the table of an export, which matters if there are exports of several tables.
   */
  nameOfUnnamed(exportedTable: string | undefined): string {
    const { options, onlyDescription, exportedTables } = this;
    if (exportedTables.size > 1 && exportedTable !== undefined) return exportedTable;
    const [exported] = exportedTables;
    return options.tableName ?? onlyDescription?.tableName ?? exported ?? DEFAULT_TABLE;
  }

  /**
   * Returns keys and indexes of a table.
   *
   * @param isUnnamed whether the name is only assumed, so that a description with another name is about this table.
   */
  of(name: string, isUnnamed: boolean): Omit<TableSchema, 'indexes'> & { described: readonly Index[] } {
    const { options } = this;
    const description = this.described.get(name) ?? (isUnnamed ? this.onlyDescription : undefined);
    return {
      key: options.tableKeys.get(name) ?? options.key ?? description?.key ?? DEFAULT_KEY,
      types: description?.types ?? new Map(),
      described: description?.indexes ?? [],
    };
  }
}
