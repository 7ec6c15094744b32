// Typed operations from the schema and the examples that GraphiQL opens with.
import type { CodegenConfig } from '@graphql-codegen/cli';

const codegen: CodegenConfig = {
  schema: '../../schema.graphql',
  documents: '../../web/graphiql/examples/[123]-*.graphql',
  importExtension: '.js',
  generates: {
    'src/gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        strictScalars: true,
        scalars: { ChangeCursor: 'string', Date: 'string', DateTime: 'string', Locale: 'string' },
        enumsAsTypes: true,
        useTypeImports: true,
      },
    },
  },
};

export default codegen;
