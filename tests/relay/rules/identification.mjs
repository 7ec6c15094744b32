// GraphQL Global Object Identification, https://relay.dev/graphql/objectidentification.htm
import { isInterfaceType } from 'graphql';

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
  check('Query.nodes is of type [Node]!', String(query.nodes?.type) === '[Node]!', query.nodes?.type);
  check('Query.nodes takes ids: [ID!]! and nothing else', signature(query.nodes) === 'ids: [ID!]!', signature(query.nodes));

  const implementations = schema.getPossibleTypes(node);
  check('some type implements Node', implementations.length > 0);
  for (const type of implementations) {
    check(`${type.name}.id is of type ID!`, String(type.getFields().id.type) === 'ID!', type.getFields().id.type);
  }
}

function signature(field) {
  return field?.args.map((argument) => `${argument.name}: ${argument.type}`).join(', ');
}
