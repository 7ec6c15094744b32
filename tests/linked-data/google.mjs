// What Google's pages for site owners ask of what it shows in results, as far as there is such a type here; and what an act has to say to
// be found as one (schema.org's Legislation, which follows ELI).
//
// A rule says what is wrong, or nothing.

const has = (name) => (data) => (data[name] === undefined || data[name] === '' ? `it has no ${name}` : undefined);
const date = (name) => (data) => (data[name] !== undefined && !/T.*(Z|[+-]\d\d:\d\d)$/.test(data[name]) ? `${name} says no time zone` : undefined);
const list = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

const ARTICLE = [
  has('headline'),
  has('datePublished'),
  has('dateModified'),
  has('mainEntityOfPage'),
  has('inLanguage'),
  has('publisher'),
  date('datePublished'),
  date('dateModified'),
  (data) =>
    list(data.author)
      .map((author) => (!author.name || !author.url ? 'an author has no name or page' : undefined))
      .find(Boolean),
  (data) =>
    list(data.image)
      .map((image) => (!/^https?:/.test(image.url ?? '') ? 'an image has no address' : undefined))
      .find(Boolean),
];

const CRUMBS = [
  (data) => (list(data.itemListElement).length < 2 ? 'it has less than two steps' : undefined),
  (data) =>
    list(data.itemListElement)
      .map((step, place) =>
        step['@type'] !== 'ListItem' || step.position !== place + 1 || !step.name || !/^https?:/.test(step.item ?? '')
          ? `step ${place + 1} is not whole`
          : undefined,
      )
      .find(Boolean),
];

const ITEMS = [
  (data) => (list(data.itemListElement).length === 0 ? 'it has no items' : undefined),
  (data) => (data.numberOfItems !== list(data.itemListElement).length ? 'it counts wrong' : undefined),
  (data) =>
    list(data.itemListElement)
      .map((item, place) => (item.position !== place + 1 || !/^https?:/.test(item.url ?? '') ? `item ${place + 1} is not whole` : undefined))
      .find(Boolean),
  (data) => (new Set(list(data.itemListElement).map((item) => item.url)).size !== list(data.itemListElement).length ? 'an address is there twice' : undefined),
];

export const RULES = {
  BreadcrumbList: CRUMBS,
  ItemList: ITEMS,
  Organization: [has('name')],
  Person: [has('name')],
  // Site names: the name and the address of the front page.
  WebSite: [has('name'), has('url')],
  SearchAction: [
    has('target'),
    (data) => (!data.target?.urlTemplate?.includes('{search_term_string}') ? 'its target has no place for the words' : undefined),
    (data) => (data['query-input'] !== 'required name=search_term_string' ? 'it does not say where the words go' : undefined),
  ],
  ProfilePage: [has('mainEntity'), (data) => (!['Person', 'Organization'].includes(data.mainEntity?.['@type']) ? "it is nobody's" : undefined)],
  CorrectionComment: [has('text'), has('datePublished'), date('datePublished')],
};

// Of what stands at the top alone: texts that others name say less.
export const TOP = {
  Article: ARTICLE,
  NewsArticle: ARTICLE,
  AnalysisNewsArticle: ARTICLE,
  OpinionNewsArticle: ARTICLE,
  ReportageNewsArticle: ARTICLE,
  Legislation: [
    has('name'),
    has('legislationIdentifier'),
    has('legislationType'),
    has('legislationDate'),
    has('legislationLegalForce'),
    has('inLanguage'),
    has('datePublished'),
    has('dateModified'),
    has('url'),
    has('publisher'),
    date('datePublished'),
    date('dateModified'),
  ],
};
