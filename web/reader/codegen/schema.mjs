// Keeps schema.graphql up to date, which the types are made from. Within Courant's own repository it is a copy of the schema that
// is served, renewed by every build; in a folder of your own it is yours, and this fetches a newer one:
//   COURANT_URL=http://127.0.0.1:8080 npm run schema
import { readFile, writeFile } from 'node:fs/promises';

const ours = new URL('../schema.graphql', import.meta.url);
const read = (file) => readFile(file, 'utf8').catch(() => undefined);
const served = process.argv.includes('--fetch') ? await fetched() : await ofTheRepository();
if (served !== undefined && served !== (await read(ours))) await writeFile(ours, served);

/** The repository's, if this folder is where it is there. */
async function ofTheRepository() {
  const isOurs = (await read(new URL('../../../crates/server/Cargo.toml', import.meta.url))) !== undefined;
  return isOurs ? read(new URL('../../../schema.graphql', import.meta.url)) : undefined;
}

async function fetched() {
  const address = new URL('/schema.graphql', process.env.COURANT_URL ?? 'http://127.0.0.1:8080');
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}`);
  return answer.text();
}
