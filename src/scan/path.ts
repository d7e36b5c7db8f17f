/** The path of the route. A file of its own, so that the startup message can name it before the app has loaded. */
export const SCAN_PATH = '/scanRecords';
