// Applies transformations of a panel with Grafana's own code.
// stdin: [{frame: {fields: [{name, type}], values: [[...], ...]}, transformations: [{id, options}]}, ...]
// stdout: for each, the fields of the one frame that comes out: [{name, type, values}, ...]
const path = require('node:path');
const { createRequire } = require('node:module');

// The library lies where bin/get-grafana-data.sh put it.
const { dataFrameFromJSON, standardTransformers, standardTransformersRegistry, transformDataFrame } = createRequire(
  path.resolve(process.argv[2], 'package.json'),
)('@grafana/data');
// The library asks whether a dashboard is around it, but only when it works: earlier it would take this for a browser.
globalThis.window = {};
const context = { interpolate: (text) => text };

// Some stand in the list under an older name, too.
const transformers = new Map(Object.values(standardTransformers).map((transformation) => [transformation.id, transformation]));
standardTransformersRegistry.setInit(() =>
  Array.from(transformers.values(), (transformation) => ({
    id: transformation.id,
    name: transformation.name,
    transformation: async () => transformation,
  })),
);

const transform = ({ frame, transformations }) =>
  new Promise((resolve, reject) => {
    const data = [dataFrameFromJSON({ schema: { fields: frame.fields }, data: { values: frame.values } })];
    transformDataFrame(transformations, data, context).subscribe({
      next: (frames) =>
        frames.length === 1
          ? resolve(frames[0].fields.map(({ name, type, values }) => ({ name, type, values: Array.from(values, (v) => v ?? null) })))
          : reject(new Error(`frames: ${frames.length} (expected: 1)`)),
      error: reject,
    });
  });

let input = '';
process.stdin.on('data', (piece) => (input += piece));
process.stdin.on('end', async () => {
  const answers = await Promise.all(JSON.parse(input).map(transform));
  process.stdout.write(JSON.stringify(answers), () => process.exit(0));
});
