// What a front end would write, on the schema and the operations that the GraphiQL page opens with.
import type { CodegenConfig } from '@graphql-codegen/cli';

// The JSON form of every scalar of ours; one that is missing here fails the run.
const config = {
  strictScalars: true,
  scalars: { Date: 'string', DateTime: 'string', Locale: 'string' },
  enumsAsTypes: true,
  useTypeImports: true,
};

const codegen: CodegenConfig = {
  schema: '../../schema.graphql',
  documents: '../../web/graphiql/examples/*.graphql',
  generates: {
    // Typed documents for the operations.
    'generated/client/': { preset: 'client', presetConfig: { fragmentMasking: false }, config },
    // Every type of the schema, used or not.
    'generated/schema.ts': { plugins: ['typescript'], config },
  },
};

export default codegen;
