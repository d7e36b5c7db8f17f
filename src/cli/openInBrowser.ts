/** Opens a URL in the user's browser. */

/** A failure is no reason to stop the server: the URL is in the startup message. */
export async function openInBrowser(url: string): Promise<void> {
  // Loaded on demand, because most servers do not open a browser.
  const { default: open } = await import('open');
  await open(url).catch((error: unknown) => {
    process.stderr.write(`Cannot open a browser: ${(error as Error).message}. Open ${url} yourself.\n`);
  });
}
