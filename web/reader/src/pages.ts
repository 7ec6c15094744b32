// Which page is at an address, the operation it asks, and which of its variables the address holds. The build writes the same
// into dist/operations.json, so that the server can ask first and send the answer along with the page.
import { DocumentType, DecreeOrder, LegalStatus, SearchKind, SearchOrder, type TypedDocumentString } from './gql/graphql';
import { FeedsQuery, FrontPageQuery, PageQuery, RegisterQuery, SearchQuery } from './operations';

/** Where a variable comes from. One the address does not hold, or not in an acceptable form, is left out. */
export type Source =
  | { from: 'locale' }
  | { from: 'path' }
  | {
      from: 'query';
      parameter: string;
      /**
       * `text`: 1 to 500 characters once trimmed; `words`: what was typed, its first 1,000 characters, U+0000 left out; `date`: a calendar day,
       * 2021-03-02; `year`: 1000 to 9999, as a number; otherwise one of these values.
       */
      accept: 'text' | 'words' | 'date' | 'year' | readonly string[];
      /** Every acceptable value of the parameter, in their order, and not only the first. */
      list?: true;
    };

export interface Definition<Result, Variables> {
  /** The addresses it is for. The last definition takes all that is left. */
  address: '/{locale}' | '/{locale}/decrees' | '/{locale}/feeds' | '/{locale}/search' | '/*';
  operation: TypedDocumentString<Result, Variables>;
  variables: { [Name in keyof Required<Variables>]: Source };
}

const define = <Result, Variables>(definition: Definition<Result, Variables>) => definition;

const locale = { from: 'locale' } as const;
const text = (parameter: string) => ({ from: 'query', parameter, accept: 'text' }) as const;
const date = (parameter: string) => ({ from: 'query', parameter, accept: 'date' }) as const;
const values = (parameter: string, of: Record<string, string>) =>
  ({ from: 'query', parameter, accept: Object.values(of) }) as const;

/** The orders that the register offers: of two that are the same, one. */
export const orders = Object.values(DecreeOrder).filter((order) => order !== DecreeOrder.MostReadEver);

/** As they are offered: the one first that is meant where none is asked for. */
export const searchOrders = [SearchOrder.Relevance, SearchOrder.PublishedAtDesc, SearchOrder.PublishedAtAsc] as const;

/** No address of an article, decree, category, tag or feed has one of the first four forms: they all have three parts. */
export const pages = {
  front: define({ address: '/{locale}', operation: FrontPageQuery, variables: { locale } }),
  register: define({
    address: '/{locale}/decrees',
    operation: RegisterQuery,
    variables: {
      locale,
      documentTypes: { ...values('kind', DocumentType), list: true },
      status: { ...values('status', LegalStatus), list: true },
      on: date('on'),
      number: text('number'),
      categories: { ...text('category'), list: true },
      signedFrom: date('from'),
      signedBefore: date('before'),
      order: { from: 'query', parameter: 'order', accept: orders },
      after: text('after'),
    },
  }),
  feeds: define({ address: '/{locale}/feeds', operation: FeedsQuery, variables: { locale } }),
  search: define({
    address: '/{locale}/search',
    operation: SearchQuery,
    variables: {
      locale,
      query: { from: 'query', parameter: 'q', accept: 'words' },
      kinds: { ...values('kind', SearchKind), list: true },
      categories: { ...text('category'), list: true },
      tags: { ...text('tag'), list: true },
      years: { from: 'query', parameter: 'year', accept: 'year', list: true },
      signatories: { ...text('signatory'), list: true },
      languages: { ...text('language'), list: true },
      order: { from: 'query', parameter: 'order', accept: searchOrders },
      after: text('after'),
    },
  }),
  route: define({
    address: '/*',
    operation: PageQuery,
    variables: { locale, path: { from: 'path' }, preview: text('preview'), on: date('on'), after: text('after') },
  }),
};

export type PageKind = keyof typeof pages;
export type DataOf<Kind extends PageKind> =
  (typeof pages)[Kind]['operation'] extends TypedDocumentString<infer Result, infer _> ? Result : never;
export type VariablesOf<Kind extends PageKind> =
  (typeof pages)[Kind]['operation'] extends TypedDocumentString<infer _, infer Variables> ? Variables : never;

/** A page that was asked for. */
export interface Page {
  kind: PageKind;
  /** Its path, without a slash at the end. */
  path: string;
  /** The language its address names. */
  locale: string | undefined;
  query: URLSearchParams;
  variables: Record<string, unknown>;
}

/** The language an address names: its first part, if that has the form of a language's tag. */
export function localeOf(path: string): string | undefined {
  return /^\/([a-z]{2,3}(?:-[a-z0-9]{2,8})*)(?=\/|$)/i.exec(path)?.[1];
}

export function pageAt(pathname: string, search: string): Page {
  const path = pathname.replace(/\/+$/, '') || '/';
  const locale = localeOf(path);
  const query = new URLSearchParams(search);
  const form = locale === undefined ? '/*' : `/{locale}${path.slice(locale.length + 1)}`;
  const isOld = (path === '/' || form === '/{locale}') && namesOldPage(query);
  const kinds = Object.keys(pages) as PageKind[];
  const kind = (isOld ? undefined : kinds.find((kind) => pages[kind].address === form)) ?? 'route';
  // At the root, too, a query may say which page of an old site it is.
  const asked = isOld || path === '/' ? path + search : path;
  const variables: Record<string, unknown> = {};
  for (const [name, source] of Object.entries<Source>(pages[kind].variables)) {
    const value = source.from === 'query' ? queryValue(query, source) : source.from === 'path' ? asked : locale;
    if (value !== undefined) variables[name] = value;
  }
  return { kind, path, locale, query, variables };
}

/** Whether a front page is asked for by a parameter with which WordPress names another page, which is there or not. */
function namesOldPage(query: URLSearchParams): boolean {
  return [...query].some(([name, value]) => {
    switch (name) {
      case 'p':
      case 'page_id':
      case 'attachment_id':
      case 'author':
      case 'cat':
        return /^\d{1,18}$/.test(value);
      // Blogger's `m=1` is a front page for small screens.
      case 'm':
        return /^\d{4,14}$/.test(value);
      case 'tag':
      case 'author_name':
      case 'category_name':
      case 'feed':
        return value !== '';
      default:
        return false;
    }
  });
}

function queryValue(query: URLSearchParams, source: Extract<Source, { from: 'query' }>) {
  const { accept } = source;
  const found = query.getAll(source.parameter).flatMap<string | number>((given) => {
    const value = given.trim();
    if (accept === 'words') {
      // The service takes no text with U+0000 in it.
      const words = value.replaceAll('\0', '').trim();
      return words === '' ? [] : [[...words].slice(0, 1000).join('')];
    }
    if (accept === 'year') return /^[1-9]\d{3}$/.test(value) ? [Number(value)] : [];
    if (accept === 'text') return value !== '' && value.length <= 500 ? [value] : [];
    return (accept === 'date' ? isDate(value) : accept.includes(value)) ? [value] : [];
  });
  return source.list ? (found.length > 0 ? found : undefined) : found[0];
}

function isDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  // JavaScript takes 31 February for 3 March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/** What dist/operations.json holds. */
export function manifest() {
  return {
    pages: Object.entries(pages).map(([kind, { address, operation, variables }]) => {
      const document = String(operation);
      return { kind, address, operation: /query (\w+)/.exec(document)?.[1], variables, document };
    }),
  };
}
