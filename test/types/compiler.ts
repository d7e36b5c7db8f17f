/** Compiles TypeScript in memory. */
import ts from 'typescript';

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  // Without the types of browsers, which take long to read.
  lib: ['lib.es2022.d.ts'],
  types: [],
};

/** Returns the messages of all errors in a source file. */
export function compileErrors(source: string): string[] {
  const name = 'source.ts';
  const host = ts.createCompilerHost(OPTIONS);
  const readFile = host.getSourceFile.bind(host);
  host.getSourceFile = (file, ...options) =>
    file === name ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022) : readFile(file, ...options);
  const program = ts.createProgram([name], OPTIONS, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
