/** Finds the data files of a DynamoDB export to S3 in a folder. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { isObject } from '../../dynamodb/attributeValue';
import { ItemFileError } from './itemFileError';

/** A data file, and the number of items that it must have. */
interface DataFile {
  path: string;
  itemCount: number;
}

export interface ExportFolder {
  files: DataFile[];
  /** The name of the exported table; undefined if the summary is missing. */
  tableName: string | undefined;
}

const FILE_LIST = 'manifest-files.json';
const SUMMARY = 'manifest-summary.json';

/**
 * Reads the manifest of a full export in the format DynamoDB JSON.
 *
 * @param folder the folder of the export, or one that contains it at any depth.
 * @throws ItemFileError if there is no manifest, more than one, or a data file is missing.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
 */
export async function readExportFolder(folder: string): Promise<ExportFolder> {
  const names = await readdir(folder, { recursive: true });
  const [list, other] = names.filter((name) => basename(name) === FILE_LIST).sort();
  if (list === undefined) {
    throw new ItemFileError(
      `the folder has no ${FILE_LIST}, which every export to S3 has. Name the files instead, for example ${join(folder, '*.json')}`,
    );
  }
  if (other !== undefined) {
    throw new ItemFileError(
      `the folder has several exports, ${dirname(list)} and ${dirname(other)}. Name one of them`,
    );
  }
  const root = join(folder, dirname(list));
  const files = linesOf(await readFile(join(root, FILE_LIST), 'utf8')).map((line) => {
    const { dataFileS3Key, itemCount } = isObject(line) ? line : {};
    if (typeof dataFileS3Key === 'string' && typeof itemCount === 'number') {
      return { name: basename(dataFileS3Key), itemCount };
    }
    throw new ItemFileError(`${FILE_LIST} has a line without dataFileS3Key and itemCount. Download it again`);
  });
  const present = new Map(
    names
      .filter((name) => dirname(list) === '.' || name.startsWith(join(dirname(list), sep)))
      .map((name) => [basename(name), join(folder, name)]),
  );
  const missing = files.filter(({ name }) => !present.has(name)).map(({ name }) => name);
  if (missing.length > 0) {
    throw new ItemFileError(
      `${missing.length} of ${files.length} data files of the export are missing, for example ${missing[0]}. Download them to ${join(root, 'data')}`,
    );
  }
  return {
    files: files.map(({ name, itemCount }) => ({ path: present.get(name) ?? name, itemCount })),
    tableName: await exportedTable(
      join(root, SUMMARY),
      files.reduce((sum, { itemCount }) => sum + itemCount, 0),
    ),
  };
}

/**
 * Returns the name of the exported table.
 *
 * @param listed the number of items that the list of files says.
 */
async function exportedTable(summary: string, listed: number): Promise<string | undefined> {
  const text = await readFile(summary, 'utf8').catch(() => '{}');
  const [fields] = linesOf(text);
  const {
    outputFormat = 'DYNAMODB_JSON',
    exportType = 'FULL_EXPORT',
    tableArn,
    itemCount = listed,
  } = isObject(fields) ? fields : {};
  if (itemCount !== listed) {
    throw new ItemFileError(
      `${FILE_LIST} lists ${listed} items, but ${SUMMARY} says ${JSON.stringify(itemCount)}. Download both again`,
    );
  }
  if (outputFormat !== 'DYNAMODB_JSON') {
    throw new ItemFileError(
      `the export has the format ${JSON.stringify(outputFormat)}. Export the table with the format DYNAMODB_JSON`,
    );
  }
  if (exportType !== 'FULL_EXPORT') {
    throw new ItemFileError(
      `the export is of the type ${JSON.stringify(exportType)}, which contains only changes. Make a full export`,
    );
  }
  return typeof tableArn === 'string' ? tableArn.split('/')[1] : undefined;
}

function linesOf(text: string): unknown[] {
  try {
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as unknown);
  } catch (cause) {
    throw new ItemFileError(`the manifest of the export is not valid JSON. Download it again`, { cause });
  }
}
