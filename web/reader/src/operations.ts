// The operations: one for each kind of page, and one for each list that goes on. What they ask for is in the fragments beside
// the components that show it.
import { graphql } from './gql';

export const FrontPageQuery = graphql(`
  query FrontPage($locale: Locale) {
    ...Frame
    ...LastNews
    ...MostRead
    ...FrontPage
  }
`);

/** All that has an address of its own in the service, redirects and what is gone included. */
export const PageQuery = graphql(`
  query Page($path: String!, $locale: Locale, $preview: String, $on: Date, $after: String) {
    ...Frame
    ...LastNews
    route(path: $path, preview: $preview) {
      __typename
      ... on Publication {
        id
        updatedAt
        withdrawal {
          at
        }
        ...Alternates
      }
      ...ArticlePage
      ...DecreePage
      ...CategoryPage
      ...TagPage
      ...PersonPage
      ...FeedPage
      ... on Redirect {
        target
      }
      ... on Gone {
        path
      }
    }
  }
`);

export const RegisterQuery = graphql(`
  query Register(
    $locale: Locale
    $documentTypes: [DocumentType!]
    $status: [LegalStatus!]
    $on: Date
    $number: String
    $categories: [String!]
    $signedFrom: Date
    $signedBefore: Date
    $order: DecreeOrder! = SIGNED_ON_DESC
    $after: String
  ) {
    ...Frame
    ...RegisterPage
  }
`);

export const FeedsQuery = graphql(`
  query Feeds($locale: Locale) {
    ...Frame
    ...LastNews
    ...FeedsPage
  }
`);

export const SearchQuery = graphql(`
  query Search(
    $locale: Locale
    $query: String! = ""
    $kinds: [SearchKind!]
    $categories: [String!]
    $tags: [String!]
    $years: [Int!]
    $signatories: [String!]
    $languages: [Locale!]
    $order: SearchOrder! = RELEVANCE
    $after: String
  ) {
    ...Frame
    ...SearchPage
  }
`);

/** The next page of what was found. */
export const MoreHitsQuery = graphql(`
  query MoreHits(
    $locale: Locale
    $query: String! = ""
    $kinds: [SearchKind!]
    $categories: [String!]
    $tags: [String!]
    $years: [Int!]
    $signatories: [String!]
    $languages: [Locale!]
    $order: SearchOrder! = RELEVANCE
    $after: String
  ) {
    ...Hits
  }
`);

/** How what is being typed may go on. */
export const SuggestQuery = graphql(`
  query Suggest($locale: Locale, $query: String!) {
    suggest(locale: $locale, query: $query, first: 8)
  }
`);

/** The next page of what is in a category or feed or has a tag. */
export const MorePublicationsQuery = graphql(`
  query MorePublications($id: ID!, $after: String!) {
    node(id: $id) {
      __typename
      ... on Category {
        publications(first: 20, after: $after) {
          ...PublicationList
        }
      }
      ... on Person {
        publications(first: 20, after: $after) {
          ...PublicationList
        }
      }
      ... on Tag {
        publications(first: 20, after: $after) {
          ...PublicationList
        }
      }
      ... on Feed {
        items(first: 20, after: $after) {
          ...PublicationList
        }
      }
    }
  }
`);

/** The next page of the register. */
export const MoreDecreesQuery = graphql(`
  query MoreDecrees(
    $locale: Locale
    $documentTypes: [DocumentType!]
    $status: [LegalStatus!]
    $on: Date
    $number: String
    $categories: [String!]
    $signedFrom: Date
    $signedBefore: Date
    $order: DecreeOrder! = SIGNED_ON_DESC
    $after: String
  ) {
    ...Register
  }
`);
