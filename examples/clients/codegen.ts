import type { CodegenConfig } from '@graphql-codegen/cli';

const codegen: CodegenConfig = {
  schema: '../../schema.graphql',
  documents: ['apollo.ts', 'urql.ts', 'subscriptions.ts'],
  importExtension: '.js',
  generates: {
    './gql/': {
      preset: 'client',
      config: {
        // The JSON form of every scalar; one that is missing here fails the run.
        strictScalars: true,
        scalars: { ChangeCursor: 'string', Date: 'string', DateTime: 'string', Locale: 'string' },
        enumsAsTypes: true,
        useTypeImports: true,
      },
    },
    // What an interface or union can be: the caches of Apollo Client and urql ask for it.
    './gql/possibleTypes.ts': {
      plugins: ['fragment-matcher'],
      config: { useExplicitTyping: true, apolloClientVersion: 3 },
    },
  },
};

export default codegen;
