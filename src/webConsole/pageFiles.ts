/** Reads the files of the console's web page, which Vite has built. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** One file, with the headers that let a browser keep it. */
export interface PageFile {
  content: Buffer;
  /** The extension of its name, for the Content-Type. */
  extension: string;
  /** Depends on the content only: npm gives all files of a package the same time. */
  etag: string;
  cacheControl: string;
}

const ROOT = join(__dirname, '../..');

/** The build of the page in this repository, and its copy in the published package. */
const FOLDERS = [join(ROOT, 'packages/console/dist'), join(ROOT, 'dist/console')];

/** `/`, a file beside index.html, or an asset. A name has no slash and no leading dot, so it stays in the folder. */
export const PAGE_PATHS = /^\/(?:(?:assets\/)?\w[\w-]*(?:\.[\w-]+)+)?$/;

/** Vite writes a hash of the content into the name of each file in this folder. */
const ASSETS = '/assets/';

/** Returns the folder of the page; undefined if the page is not built. */
export function pageFolder(): string | undefined {
  return FOLDERS.find((folder) => existsSync(join(folder, 'index.html')));
}

/**
 * Returns the file for the path of a URL; undefined if there is none.
 *
 * @param path matches `PAGE_PATHS`.
 */
export async function readPageFile(folder: string, path: string): Promise<PageFile | undefined> {
  const file = path === '/' ? '/index.html' : path;
  const content = await readFile(join(folder, file)).catch(() => undefined);
  if (content === undefined) return undefined;
  return {
    content,
    extension: extname(file),
    etag: `W/"${createHash('sha256').update(content).digest('base64url')}"`,
    cacheControl: file.startsWith(ASSETS) ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
}
