// Applies transformations of a panel with Grafana's own code.
// stdin: [{frame: {fields: [{name, type}], values: [[...], ...]}, transformations: [{id, options}], overrides: [{matcher}]}, ...]
// stdout: for each, the fields of the one frame that comes out: [{name, type, values, overrides}, ...], where
// overrides tells how many of the panel's overrides are for the field
const path = require('node:path');
const { createRequire } = require('node:module');

// The library lies where bin/get-node-libraries.sh put it.
const { dataFrameFromJSON, getFieldMatcher, standardTransformers, standardTransformersRegistry, transformDataFrame } = createRequire(
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

const overridesOf = (field, frame, overrides) =>
  overrides.filter(({ matcher }) => getFieldMatcher(matcher)(field, frame, [frame])).length;

const fieldsOf = (frame, overrides) =>
  frame.fields.map((field) => ({
    name: field.name,
    type: field.type,
    values: Array.from(field.values, (v) => v ?? null),
    overrides: overridesOf(field, frame, overrides),
  }));

const transform = ({ frame, transformations, overrides }) =>
  new Promise((resolve, reject) => {
    const data = [dataFrameFromJSON({ schema: { fields: frame.fields }, data: { values: frame.values } })];
    transformDataFrame(transformations, data, context).subscribe({
      next: (frames) =>
        frames.length === 1
          ? resolve(fieldsOf(frames[0], overrides))
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
