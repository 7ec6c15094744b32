// Monaco's GraphQL worker, with another schema for the editor of variables: see variablesSchema.ts.
import { initialize } from 'monaco-editor/esm/vs/editor/editor.worker.js';
import { GraphQLWorker } from 'monaco-graphql/esm/GraphQLWorker.js';
import { variablesSchema, type JsonSchema } from './variablesSchema';

/** What the package keeps to itself. */
interface Inside {
  _ctx: { getMirrorModels(): { uri: unknown; getValue(): string }[] };
  _languageService: { getVariablesJSONSchema(uri: string, text: string, options: object): JsonSchema | null };
}

class Worker extends GraphQLWorker {
  override async doGetVariablesJSONSchema(uri: string) {
    const { _ctx: context, _languageService: service } = this as unknown as Inside;
    const text = context.getMirrorModels().find((model) => String(model.uri) === uri)?.getValue();
    const schema = variablesSchema(text ?? '', (operation) =>
      service.getVariablesJSONSchema(uri, operation, { useMarkdownDescription: true }),
    );
    return schema && { ...schema, $id: 'monaco://variables-schema.json', title: 'GraphQL Variables' };
  }
}

globalThis.onmessage = () => {
  initialize((context: never, data: never) => new Worker(context, data));
};
