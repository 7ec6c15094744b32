// Types for every operation and fragment in src, and what the cache has to know of the schema: `npm run codegen`.
import { addTypenameSelectionDocumentTransform } from '@graphql-codegen/client-preset';
import type { CodegenConfig } from '@graphql-codegen/cli';

const codegen: CodegenConfig = {
  schema: 'schema.graphql',
  documents: ['src/**/*.{ts,tsx}', '!src/gql/**'],
  generates: {
    'src/gql/': {
      preset: 'client',
      // The cache needs __typename everywhere, in operations.json, too. Where our code looks at it, the fragments ask for it.
      documentTransforms: [addTypenameSelectionDocumentTransform],
      presetConfig: { fragmentMasking: { unmaskFunctionName: 'readFragment' } },
      config: {
        // The JSON form of every scalar; one that is missing here fails the run.
        strictScalars: true,
        scalars: { ChangeCursor: 'string', Date: 'string', DateTime: 'string', Locale: 'string' },
        // Operations travel as text: a third of the bytes of parsed ones.
        documentMode: 'string',
        // As objects, for the choices of a form.
        enumType: 'const',
        useTypeImports: true,
      },
    },
    'src/gql/cacheRules.ts': {
      plugins: ['./codegen/cacheRules.mjs'],
    },
  },
};

export default codegen;
