// Makes public/favicon.ico from public/favicon.svg, for what takes no SVG: a picture of 32 pixels in the container that it
// expects. It takes a Chromium to draw it (CHROMIUM):
//   node icons/make.mjs [FROM.svg TO.ico]
import { readFile, writeFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';

const here = (path) => new URL(path, import.meta.url);
const [from = here('../public/favicon.svg'), to = here('../public/favicon.ico')] = process.argv.slice(2);
const size = 32;

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: size, height: size } });
const svg = Buffer.from(await readFile(from)).toString('base64');
await page.setContent(`<style>* { margin: 0; display: block }</style><img width="${size}" height="${size}" src="data:image/svg+xml;base64,${svg}">`);
const png = await page.screenshot({ omitBackground: true });
await browser.close();

// One directory entry, then the picture, which may be a PNG.
const head = Buffer.alloc(22);
head.writeUInt16LE(1, 2);
head.writeUInt16LE(1, 4);
head.writeUInt8(size, 6);
head.writeUInt8(size, 7);
head.writeUInt16LE(1, 10);
head.writeUInt16LE(32, 12);
head.writeUInt32LE(png.length, 14);
head.writeUInt32LE(head.length, 18);
await writeFile(to, Buffer.concat([head, png]));
