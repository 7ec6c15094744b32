// Uses the generated types as a reader app does; it need only compile.
import type { ResultOf, VariablesOf } from '@graphql-typed-document-node/core';
import { CategoryWithPagingDocument, PortalPageDocument } from './generated/client/graphql';

// A path is required, where to go on is not.
export const firstPage: VariablesOf<typeof CategoryWithPagingDocument> = { path: 'politics', locale: 'en' };

// What is always there needs no check for null; what may not be found does, and so does a list that can be asked for wrongly.
export function headlines(page: ResultOf<typeof PortalPageDocument>): string[] {
  const trail: string[] = page.article?.breadcrumbs.map((crumb) => crumb.title) ?? [];
  const lastNews: string[] = page.feed?.items?.nodes.map((item) => `${item.publishedAt} ${item.title}`) ?? [];
  const related: string[] = page.article?.category.related?.map((item) => item.title) ?? [];
  return [...trail, ...lastNews, ...related];
}

// @ts-expect-error an article that is not found is null
export const careless = (page: ResultOf<typeof PortalPageDocument>): string => page.article.title;
