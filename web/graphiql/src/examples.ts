// The examples are ordinary files in ../examples: `<n>-<name>.graphql` and, when the operation
// takes variables, `<n>-<name>.variables.json` beside it. Both are embedded as text at build time.
import portalPage from '../examples/1-portal-page.graphql?raw';
import frontPage from '../examples/2-front-page.graphql?raw';
import categoryWithPaging from '../examples/3-category-with-paging.graphql?raw';
import decreeRegister from '../examples/4-decree-register.graphql?raw';

const variables: Record<string, string> = import.meta.glob('../examples/*.variables.json', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export interface Example {
  /** Operation name; GraphiQL uses it as the tab title. */
  name: string;
  /** The `#` comment at the top of the file. */
  description: string;
  query: string;
  variables: string | null;
}

function example(file: string, query: string): Example {
  const name = /^(?:query|mutation|subscription)\s+(\w+)/m.exec(query)?.[1];
  if (!name) throw new Error(`${file}.graphql holds no named operation`);
  const comment = /^(?:#.*\n)+/.exec(query)?.[0] ?? '';
  return {
    name,
    description: comment.replace(/^#[ \t]?/gm, '').trim(),
    query,
    variables: variables[`../examples/${file}.variables.json`] ?? null,
  };
}

export const EXAMPLES: readonly Example[] = [
  example('1-portal-page', portalPage),
  example('2-front-page', frontPage),
  example('3-category-with-paging', categoryWithPaging),
  example('4-decree-register', decreeRegister),
];
