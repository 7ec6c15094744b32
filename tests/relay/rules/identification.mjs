// GraphQL Global Object Identification, https://relay.dev/graphql/objectidentification.htm
import { getNamedType, getNullableType, isAbstractType, isInterfaceType, isListType, isObjectType } from 'graphql';

export function identificationRules(schema, check) {
  // Node Interface: "must include exactly one field, called id that returns a non-null ID".
  const node = schema.getType('Node');
  check('there is an interface Node', isInterfaceType(node));
  if (!isInterfaceType(node)) return;
  const fields = node.getFields();
  check('Node has exactly the field id', Object.keys(fields).join() === 'id', Object.keys(fields).join());
  check('Node.id is of type ID!', String(fields.id?.type) === 'ID!', fields.id?.type);
  check('Node.id takes no argument', fields.id?.args.length === 0);

  // Node root field: "must take exactly one argument, a non-null ID named id", and "returns the Node interface".
  const query = schema.getQueryType().getFields();
  check('Query.node is of type Node', String(query.node?.type) === 'Node', query.node?.type);
  check('Query.node takes id: ID! and nothing else', signature(query.node) === 'id: ID!', signature(query.node));

  // Plural identifying root fields: one argument, a list; a list back, where each place may be null.
  // It may be null by itself, when what is asked for is refused.
  check('Query.nodes is of type [Node]', String(query.nodes?.type) === '[Node]', query.nodes?.type);
  check('Query.nodes takes ids: [ID!]! and nothing else', signature(query.nodes) === 'ids: [ID!]!', signature(query.nodes));

  const implementations = schema.getPossibleTypes(node);
  check('some type implements Node', implementations.length > 0);
  for (const type of implementations) {
    check(`${type.name}.id is of type ID!`, String(type.getFields().id.type) === 'ID!', type.getFields().id.type);
  }

  // Ours: what a list shows with an id can be asked for by it again.
  const listed = listedObjects(schema).filter((type) => String(type.getFields().id?.type).startsWith('ID'));
  check('some list shows objects with an id', listed.length > 10, listed.length);
  for (const type of listed) {
    check(`${type.name}, which lists show with its id, implements Node`, schema.isSubType(node, type));
  }
}

// The objects that stand in some list, be it as members of an interface or a union.
function listedObjects(schema) {
  const listed = new Set();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields()).filter((field) => isListType(getNullableType(field.type)))) {
      const item = getNamedType(field.type);
      if (isAbstractType(item)) schema.getPossibleTypes(item).forEach((member) => listed.add(member));
      if (isObjectType(item)) listed.add(item);
    }
  }
  return [...listed].filter((type) => !type.name.startsWith('__'));
}

function signature(field) {
  return field?.args.map((argument) => `${argument.name}: ${argument.type}`).join(', ');
}
