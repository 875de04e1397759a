// Holds parts of dashboards against Grafana's own types.
// stdin: [{what, type, value}, ...], where type is one of those that are declared below
// stdout: [text, ...], what is wrong: settings that Grafana does not know, and values that a setting cannot have
const path = require('node:path');
const { createRequire } = require('node:module');

// The types lie where bin/get-node-libraries.sh put them.
const folder = path.resolve(process.argv[2]);
const ts = createRequire(path.join(folder, 'package.json'))('typescript');
const types = path.join(folder, 'node_modules/@grafana/schema/dist/types/raw');
const SOURCE = path.join(folder, 'parts.ts');

const PANELS = ['logs', 'stat', 'table', 'timeseries', 'trend'];
const DECLARATIONS = [
  `import type * as dashboard from '${types}/dashboard/x/types.gen';`,
  ...PANELS.map((panel) => `import type * as ${panel} from '${types}/composable/${panel}/panelcfg/x/types.gen';`),
  // As JSON has it: an enumeration is its values, and what is left out gets Grafana's default.
  'type Json<T> = T extends string ? `${T}` : T extends number | boolean | null | undefined ? T',
  '  : T extends (infer U)[] ? Json<U>[] : T extends object ? { [K in keyof T]?: Json<T[K]> } : T;',
  'interface Types {',
  "  dashboard: Json<dashboard.Dashboard>; 'stat options': Json<stat.Options>; 'logs options': Json<logs.Options>;",
  "  defaults: Json<Omit<dashboard.FieldConfig, 'custom'>>;",
  ...['table', 'timeseries', 'trend'].map(
    (panel) => `  '${panel} options': Json<${panel}.Options>; '${panel} custom': Json<${panel}.FieldConfig>;`,
  ),
  '}',
];

/** One line a part, so that the line of a message names the part. */
const sourceOf = (parts) =>
  [...DECLARATIONS, ...parts.map(({ type, value }) => `({ value: ${JSON.stringify(value)} }) satisfies { value: Types['${type}'] };`)].join('\n');

function complaintsAbout(parts) {
  const options = { strict: true, noEmit: true, skipLibCheck: true, types: [], moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ESNext };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === SOURCE || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === SOURCE ? ts.createSourceFile(name, sourceOf(parts), ts.ScriptTarget.ESNext) : getSourceFile(name, ...rest);
  return ts.getPreEmitDiagnostics(ts.createProgram([SOURCE], options, host)).map(({ file, start, messageText }) => {
    const line = file?.fileName === SOURCE ? file.getLineAndCharacterOfPosition(start).line - DECLARATIONS.length : -1;
    return `${line < 0 ? 'the check itself' : parts[line].what}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

let input = '';
process.stdin.on('data', (piece) => (input += piece));
process.stdin.on('end', () => process.stdout.write(JSON.stringify(complaintsAbout(JSON.parse(input)))));
