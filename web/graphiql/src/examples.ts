// The examples are ordinary files in ../examples: `<n>-<name>.graphql` and, when an operation takes variables,
// `<n>-<name>.variables.json` beside it. Both are embedded as text at build time.
import portalPage from '../examples/1-portal-page.graphql?raw';
import frontPage from '../examples/2-front-page.graphql?raw';
import categoryWithPaging from '../examples/3-category-with-paging.graphql?raw';
import decreeRegister from '../examples/4-decree-register.graphql?raw';
import asItHappens from '../examples/4a-as-it-happens.graphql?raw';
import myNewsroom from '../examples/5-my-newsroom.graphql?raw';
import write from '../examples/6-write.graphql?raw';
import review from '../examples/7-review.graphql?raw';
import publish from '../examples/8-publish.graphql?raw';
import preview from '../examples/9-preview.graphql?raw';

const variables: Record<string, string> = import.meta.glob('../examples/*.variables.json', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export interface Example {
  /** The names of its operations; GraphiQL uses the first as the tab title. */
  names: string[];
  /** The `#` comment at the top of the file. */
  description: string;
  query: string;
  variables: string | null;
}

function example(file: string, query: string): Example {
  const names = Array.from(query.matchAll(/^(?:query|mutation|subscription)\s+(\w+)/gm), ([, name]) => name!);
  if (names.length === 0) throw new Error(`${file}.graphql holds no named operation`);
  const comment = /^(?:#.*\n)+/.exec(query)?.[0] ?? '';
  return {
    names,
    description: comment.replace(/^#[ \t]?/gm, '').trim(),
    query,
    variables: variables[`../examples/${file}.variables.json`] ?? null,
  };
}

/** What everybody may ask. The page opens with these. */
export const READING: readonly Example[] = [
  example('1-portal-page', portalPage),
  example('2-front-page', frontPage),
  example('3-category-with-paging', categoryWithPaging),
  example('4-decree-register', decreeRegister),
  example('4a-as-it-happens', asItHappens),
];

/** What asks for somebody who is signed in, in the order of the session in docs/newsroom.md. */
export const NEWSROOM: readonly Example[] = [
  example('5-my-newsroom', myNewsroom),
  example('6-write', write),
  example('7-review', review),
  example('8-publish', publish),
  example('9-preview', preview),
];
