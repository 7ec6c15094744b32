// A plugin for GraphQL Code Generator: what graphcache has to know of the schema, and no more of it than the app uses.
import { TypeInfo, getNamedType, isAbstractType, isObjectType, visit, visitWithTypeInfo } from 'graphql';

export function plugin(schema, documents) {
  const used = new Map();
  const info = new TypeInfo(schema);
  const note = () => {
    const type = info.getType() && getNamedType(info.getType());
    if (type) used.set(type.name, type);
  };
  for (const { document } of documents) {
    visit(document, visitWithTypeInfo(info, { Field: note, InlineFragment: note, FragmentDefinition: note }));
  }
  const possible = [...used.values()].filter(isAbstractType);
  for (const type of possible.flatMap((type) => schema.getPossibleTypes(type))) used.set(type.name, type);

  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const keyless = [...used.values()].filter((it) => isObjectType(it) && !roots.includes(it) && !it.getFields().id);
  const names = (types) => types.map((type) => type.name).sort();
  const table = Object.fromEntries(possible.map((type) => [type.name, names(schema.getPossibleTypes(type))]));
  return [
    '/** Which objects an interface or union can be. */',
    `export const possibleTypes = ${JSON.stringify(table)};`,
    '',
    '/** Types without an id: their objects are parts of what holds them. */',
    `export const keyless = ${JSON.stringify(names(keyless))};`,
    '',
  ].join('\n');
}
