// Prints three pages of a portal:  npm start [http://127.0.0.1:8080/graphql]
import { categoryTitles, frontPage, portalPage } from './pages.js';

const url = process.argv[2] ?? 'http://127.0.0.1:8080/graphql';

console.log(await portalPage(url));
console.log(`\n${await frontPage(url, 'ru')}`);
let page = 0;
for await (const titles of categoryTitles(url, 'politics', 'en')) {
  page += 1;
  console.log(`\npolitics, page ${page}:`);
  for (const title of titles) console.log(`  ${title}`);
}
