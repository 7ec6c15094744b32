import type { Genre, DocumentType, DecreeOrder, DecreeRelationKind, FeedOrder, LegalStatus, SearchKind, SearchOrder } from '../gql/graphql';

/** A text with a number, by the plural form the number asks for; `{n}` is the number. */
export type Counted = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** Everything the app says itself, in one language. `{…}` is filled in. */
export interface Strings {
  /** The months as they stand in a date, for browsers that do not know the language. */
  months?: readonly string[];
  skipToContent: string;
  sections: string;
  language: string;
  frontPageIn: string;
  home: string;
  breadcrumbs: string;
  allOf: string;
  footer: { about: string; register: string; feeds: string; top: string };

  mostRead: string;
  latest: string;
  officialActs: string;
  wholeRegister: string;

  published: string;
  updated: string;
  views: Counted;
  minutes: Counted;
  by: string;
  source: string;
  delivered: string;
  contents: string;
  tags: string;
  related: string;
  actsCovered: string;
  changes: string;
  withdrawnOn: string;
  otherLanguages: string;
  inLanguage: string;
  preview: string;
  genres: Record<Genre, string>;

  number: string;
  signedOn: string;
  signatory: string;
  effectiveFrom: string;
  effectiveUntil: string;
  commencedByAnother: string;
  statusToday: string;
  statusOn: string;
  chooseDay: string;
  show: string;
  relations: string;
  coverage: string;
  fromDay: string;
  inPart: string;
  documentTypes: Record<DocumentType, string>;
  statuses: Record<LegalStatus, string>;
  relationKinds: Record<DecreeRelationKind, string>;

  subcategories: string;
  publicationsIn: Counted;
  atLeast: string;
  /** What is on a list, where nobody has said it better. */
  siteAbout: string;
  categoryAbout: string;
  tagAbout: string;
  personAbout: string;
  feedAbout: string;
  nothingHere: string;
  showMore: string;
  loadingMore: string;
  fromTheBeginning: string;
  /** The title of a further page of a list, and what is behind its description. */
  continued: string;
  continuedFrom: string;

  registerTitle: string;
  registerAbout: string;
  filters: string;
  kind: string;
  status: string;
  onDay: string;
  category: string;
  allCategories: string;
  signedFrom: string;
  signedBefore: string;
  order: string;
  orders: Record<DecreeOrder, string>;
  reset: string;
  actsFound: Counted;

  tag: string;
  feed: string;
  feedsTitle: string;
  feedsAbout: string;
  /** What a feed is, and how to follow one. */
  feedsHow: string;
  /** The feed of all that is published. */
  everything: string;
  everythingAbout: string;
  /** Before the links to a list's feeds. */
  follow: string;
  feedOrders: Record<FeedOrder, string>;

  searchTitle: string;
  searchAbout: string;
  /** The title of a page with what was found. */
  searchFor: string;
  searchForAbout: string;
  /** What was typed, in a sentence. */
  quoted: string;
  /** What the field is for. */
  searchField: string;
  searchButton: string;
  suggestions: string;
  suggestionsFound: Counted;
  hitsFound: Counted;
  didYouMean: string;
  searchFilters: string;
  /** Before what hits are narrowed to. */
  narrowedTo: string;
  /** Said of a link that no longer narrows by something. */
  widen: string;
  searchKinds: Record<SearchKind, string>;
  searchOrders: Record<SearchOrder, string>;
  year: string;
  nothingFound: string;
  /** What to try when nothing is found. */
  searchHints: readonly string[];
  unreadyTitle: string;
  unreadyText: string;

  notFoundTitle: string;
  notFoundText: string;
  goneTitle: string;
  goneText: string;
  toFrontPage: string;
  failureTitle: string;
  failureNetwork: string;
  failureService: string;
  requestId: string;
  retry: string;
  offline: string;
  outdated: string;
  loading: string;
  slow: string;
  hasChanged: string;
  wasWithdrawn: string;
  showNow: string;
  newIn: string;
  moving: string;
}
