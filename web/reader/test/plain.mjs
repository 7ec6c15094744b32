// The pages as the server shows them before any script runs: src/plain, filled by Nunjucks, which reads the same templates as the
// server's MiniJinja does. The filters are those of crates/server/src/site/plain/words.rs.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import nunjucks from 'nunjucks';
import { runnerImport } from 'vite';

const DIST = new URL('../dist/', import.meta.url);
const LANGUAGE = fileURLToPath(new URL('../src/language.tsx', import.meta.url));

/** Reads the templates that were built; answers what fills one in. */
export async function readPages() {
  const words = JSON.parse(await readFile(new URL('words.json', DIST), 'utf8'));
  const { languageOf } = (await runnerImport(LANGUAGE)).module;
  const folder = fileURLToPath(new URL('plain/', DIST));
  const spoken = (locale) => words[locale.split('-')[0]] ?? words.en;

  /** A page by the name of its template. */
  function fill(name, content) {
    const { locale, timeZone = 'UTC' } = content;
    const language = languageOf(locale, timeZone, dirOf(content.frame, locale));
    const strings = language.t;
    const environment = new nunjucks.Environment(new nunjucks.FileSystemLoader(folder), { autoescape: true });
    const safe = (html) => new nunjucks.runtime.SafeString(html);
    const put = (text, place, value) => text.replaceAll(`{${place}}`, value ?? '');
    const nameOf = (tag) => content.frame.site.locales.find((known) => known.tag === tag)?.name ?? tag;
    const filters = {
      day: language.day,
      short_day: language.shortDay,
      moment: language.moment,
      count: (number, forms) => language.count(forms, number),
      total: ({ totalCount, totalCountIsEstimate }, forms) => {
        const said = language.count(forms, totalCount);
        const number = language.number(totalCount);
        return totalCountIsEstimate ? said.replace(number, put(strings.atLeast, 'n', number)) : said;
      },
      fill: put,
      lang: (of) => (of === locale ? '' : safe(` lang="${escape(of)}" dir="${dirOf(content.frame, of)}"`)),
      dir: (of) => dirOf(content.frame, of),
      foreign: (of) =>
        of === locale ? '' : safe(`<span class="foreign">${escape(put(strings.inLanguage, 'language', nameOf(of)))}</span>`),
      language_name: nameOf,
      path_in: (tag) => content.alternates[tag] ?? `/${tag}`,
      from_there: (cursor) => {
        const query = new URLSearchParams(content.query);
        query.delete('after');
        query.append('after', cursor);
        return `${content.path}?${query}`;
      },
      with_value: (name, value) => {
        const query = new URLSearchParams(content.query);
        query.delete('after');
        query.delete(name);
        if (value !== '') query.append(name, value);
        return query.size > 0 ? `${content.path}?${query}` : content.path;
      },
      only_value: (name, value) => content.path + (value ? `?${new URLSearchParams([[name, value]])}` : ''),
      without_value: (name, value) => {
        const kept = [...new URLSearchParams(content.query)].filter(
          ([parameter, given]) => parameter !== 'after' && (parameter !== name || given.trim() !== String(value)),
        );
        return kept.length > 0 ? `${content.path}?${new URLSearchParams(kept)}` : content.path;
      },
      slugs: (path) => slugs(path),
      depth: (path) => slugs(path).split('/').length - 1,
      title_in: (name, counts) => {
        const things = (counts ?? []).map(({ category, tag, person }) => category ?? tag ?? person);
        const found = things.find(({ path }) => slugs(path) === name);
        return found?.title ?? found?.name ?? name;
      },
      number: language.number,
      host: (address) => new URL(address).host,
      some: (list) => (list?.length ?? 0) > 0,
      articles: (list) => (list ?? []).filter(({ __typename }) => __typename === 'Article'),
      with_children: (category) =>
        [category, ...category.children].map(({ path, title }) => ({ title, slugs: slugs(path) })),
    };
    for (const [filter, run] of Object.entries(filters)) environment.addFilter(filter, run);
    return environment.render(`${name}.html`, { t: strings, variables: {}, alternates: {}, query: '', ...content });
  }

  return { fill, dirOf, strings: (locale) => spoken(locale).strings };
}

/** In which direction a language of the site is written. */
function dirOf(frame, locale) {
  const known = frame.site.locales.find(({ tag }) => tag === locale);
  return known ? known.direction.toLowerCase() : 'auto';
}

/** What names something in a filter: the end of its path. */
const slugs = (path) => path.split('/').slice(3).join('/');

export function escape(text) {
  return text.replace(/[&<>"]/g, (char) => `&#${char.codePointAt(0)};`);
}
