// Three pages of a portal as text. Every type in here comes from the schema.
import { ask } from './ask.js';
import {
  CategoryWithPagingDocument,
  FrontPageDocument,
  PortalPageDocument,
  type CategoryWithPagingQueryVariables,
} from './gql/graphql.js';

const day = (instant: string) =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(instant));

/** An article with the way to it, its category's news and the "last news" box, in one request. */
export async function portalPage(url: string): Promise<string> {
  const { article, feed } = await ask(url, PortalPageDocument);
  // An article may not be there; what a published one always has is never null.
  if (!article) return 'There is no such article.';
  return [
    article.breadcrumbs.map(({ title }) => title).join(' \\ '),
    article.title,
    `Published ${day(article.publishedAt)}, read ${article.viewCount} times`,
    article.body.html,
    `More in ${article.category.title}:`,
    ...(article.category.related ?? []).map(({ title, path }) => `  ${title} (${path})`),
    ...article.translations.map(({ locale, title }) => `[${locale}] ${title}`),
    feed?.title ?? '',
    ...(feed?.items?.nodes ?? []).map((item) => `  ${day(item.publishedAt)}  ${item.title} (${item.__typename})`),
  ].join('\n');
}

/** The newest articles in a language, each with what else its category has. */
export async function frontPage(url: string, locale: string): Promise<string> {
  const { articles } = await ask(url, FrontPageDocument, { locale });
  return (articles?.nodes ?? [])
    .map(
      ({ title, category }) =>
        `${title}\n  ${category.title}: ${(category.related ?? []).map((it) => it.title).join(' | ')}`,
    )
    .join('\n');
}

/** The titles of all articles of a category, a page at a time. */
export async function* categoryTitles(url: string, path: string, locale: string): AsyncGenerator<string[]> {
  const variables: CategoryWithPagingQueryVariables = { path, locale };
  do {
    const { category } = await ask(url, CategoryWithPagingDocument, variables);
    if (!category?.articles) return;
    const { edges, pageInfo } = category.articles;
    yield edges.map(({ node }) => node.title);
    variables.after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (variables.after);
}
