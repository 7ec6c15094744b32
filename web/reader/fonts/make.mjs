// Makes the files in src/fonts from the fonts' packages: only the letters and weights that the app sets.
//   node fonts/make.mjs
// Both fonts are under the SIL Open Font License without a reserved name; the licences are in src/fonts.
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import subsetFont from 'subset-font';

const here = (path) => new URL(path, import.meta.url);
const from = (start, end) => String.fromCodePoint(...Array.from({ length: end - start + 1 }, (_, i) => start + i));

// Latin-1 and typographic signs; Latin Extended-A, which holds Turkmen's ň, ş and ž; Russian Cyrillic, № included.
const letters = {
  latin: `${from(0x20, 0x7e)}${from(0xa0, 0xff)}ŒœŠšŸ‐‑–—‘’‚“”„†•…‰‹›€™←↑→↓−`,
  'latin-ext': from(0x100, 0x17f),
  cyrillic: `${from(0x400, 0x45f)}ҐґҖҗҢңҮүӘәӨө№`,
};

const literata =
  (axes, style = 'normal') =>
  (script) =>
    `literata/files/literata-${script}-${axes}-${style}.woff2`;
const faces = [
  { name: 'literata', source: literata('wght'), axes: { wght: { min: 400, max: 700 } } },
  { name: 'literata-italic', source: literata('wght', 'italic'), axes: { wght: 400 } },
  // Drawn for large sizes, for headlines.
  { name: 'literata-display', source: literata('opsz'), axes: { opsz: 60, wght: 480 } },
  {
    name: 'golos-text',
    source: (script) => `golos-text/files/golos-text-${script}-wght-normal.woff2`,
    axes: { wght: { min: 400, max: 700 } },
  },
];

for (const face of faces) {
  for (const [script, text] of Object.entries(letters)) {
    const whole = await readFile(here(`../node_modules/@fontsource-variable/${face.source(script)}`));
    const subset = await subsetFont(whole, text, { targetFormat: 'woff2', variationAxes: face.axes });
    await writeFile(here(`../src/fonts/${face.name}-${script}.woff2`), subset);
    console.log(`${face.name}-${script} ${whole.length} -> ${subset.length}`);
  }
}
for (const font of ['literata', 'golos-text']) {
  await copyFile(
    here(`../node_modules/@fontsource-variable/${font}/LICENSE`),
    here(`../src/fonts/${font}.LICENSE.txt`),
  );
}
