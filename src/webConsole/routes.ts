/**
 * The routes of the console: the web page at `/`, its files, and /console/config.json. They come before the CORS headers,
 * because they are for this server's own page only.
 */
import { Router, type RequestHandler } from 'express';
import type { Config } from '../config/config';
import { compression } from '../http/compression';
import { checkHost } from '../http/hostCheck';
import { HttpProblem } from '../http/problem';
import { PAGE_PATHS, pageFolder, readPageFile, type PageFile } from './pageFiles';
import { rejectOtherSites } from './sameOrigin';
import { pageSecurityHeaders } from './securityHeaders';
import { consoleSettings, type ConsoleConfig } from './settings';

interface ConsoleDependencies extends ConsoleConfig, Pick<Config, 'allowedHosts' | 'compression'> {
  /** Returns the version of the server. */
  version: () => string;
  /** Checks the credentials of a request, as in front of the API; undefined if it needs none. */
  authentication: RequestHandler | undefined;
  /** Returns the folder of the built page; default: that of this package. */
  folder?: () => string | undefined;
}

const CONFIG_PATH = '/console/config.json';

/** The media types of a page's files that are worth compressing. */
const COMPRESSIBLE = ['text/html', 'text/javascript', 'text/css', 'image/svg+xml'];

/** Handles GET and HEAD. Other methods get the responses of the API, preflights too. */
export function consoleRoutes(dependencies: ConsoleDependencies): Router {
  const { allowedHosts, authentication, version, folder = pageFolder } = dependencies;
  const router = Router({ caseSensitive: true, strict: true });
  const guards: RequestHandler[] = [pageSecurityHeaders, checkHost(allowedHosts)];

  router.use(readsOnly);
  router.get(CONFIG_PATH, guards, rejectOtherSites);
  if (authentication !== undefined) router.get(CONFIG_PATH, authentication);
  router.get(CONFIG_PATH, (_request, response) => {
    response.json(consoleSettings(dependencies, version()));
  });
  router.get(
    PAGE_PATHS,
    findFile(folder),
    guards,
    dependencies.compression ? [compression(COMPRESSIBLE)] : [],
    sendFile,
  );
  return router;
}

/** Without it, the router would respond to OPTIONS by itself. */
const readsOnly: RequestHandler = ({ method }, _response, next) => {
  next(method === 'GET' || method === 'HEAD' ? undefined : 'router');
};

/** Other routes have such paths too, for example /openapi.json. */
function findFile(folder: () => string | undefined): RequestHandler {
  return async ({ path }, response, next) => {
    const root = folder();
    if (root === undefined && path === '/') throw new HttpProblem('NotFound', NOT_BUILT);
    const file = root === undefined ? undefined : await readPageFile(root, path);
    response.locals.pageFile = file;
    next(file === undefined ? 'route' : undefined);
  };
}

const NOT_BUILT = 'The console is not built. Run "npm run build", or set CONSOLE=off.';

const sendFile: RequestHandler = (_request, response) => {
  const { content, extension, etag, cacheControl } = response.locals.pageFile as PageFile;
  // Responds with 304 if the browser has this content.
  response.set({ ETag: etag, 'Cache-Control': cacheControl }).type(extension).send(content);
};
