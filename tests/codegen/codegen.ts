// What a front end would write, on the schema and the operations that the GraphiQL page opens with.
import type { CodegenConfig } from '@graphql-codegen/cli';

// The JSON form of every scalar of ours; one that is missing here fails the run.
const config = {
  strictScalars: true,
  scalars: { ChangeCursor: 'string', Date: 'string', DateTime: 'string', Locale: 'string' },
  enumsAsTypes: true,
  useTypeImports: true,
};

const codegen: CodegenConfig = {
  schema: '../../schema.graphql',
  documents: '../../web/graphiql/examples/*.graphql',
  generates: {
    // Typed documents for the operations.
    'generated/client/': { preset: 'client', presetConfig: { fragmentMasking: false }, config },
    // Whatever the schema can be asked for, typed as clients type it that keep operations beside their types.
    'generated/everything.ts': {
      documents: 'generated/everything.graphql',
      plugins: ['typescript-operations'],
      config,
    },
    // Every type of the schema, used or not.
    'generated/schema.ts': { plugins: ['typescript'], config },
  },
};

export default codegen;
