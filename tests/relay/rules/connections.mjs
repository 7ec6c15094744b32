// GraphQL Cursor Connections, https://relay.dev/graphql/connections.htm
import { getNamedType, getNullableType, isInterfaceType, isLeafType, isListType, isNonNullType, isObjectType, isScalarType } from 'graphql';

const PAGE_INFO = { hasNextPage: 'Boolean!', hasPreviousPage: 'Boolean!', startCursor: 'String', endCursor: 'String' };

export function connectionRules(schema, check) {
  const types = Object.values(schema.getTypeMap());

  // Reserved types: whatever is called …Connection is one, and PageInfo is this.
  const connections = types.filter((type) => type.name.endsWith('Connection'));
  check('there are connections', connections.length > 0);
  connections.forEach((type) => connectionType(type, check));
  pageInfo(schema.getType('PageInfo'), check);

  // What a subscription is told of a list is the top of it as it is then, which nobody pages through.
  const holders = types.filter((type) => isObjectType(type) || isInterfaceType(type));
  for (const type of holders.filter((type) => type !== schema.getSubscriptionType())) {
    for (const field of Object.values(type.getFields())) {
      if (getNamedType(field.type).name.endsWith('Connection')) connectionField(`${type.name}.${field.name}`, field, check);
    }
  }
}

function connectionType(type, check) {
  check(`${type.name} is an object`, isObjectType(type));
  if (!isObjectType(type)) return;
  const { edges, nodes, pageInfo } = type.getFields();
  check(`${type.name}.pageInfo is of type PageInfo!`, String(pageInfo?.type) === 'PageInfo!', pageInfo?.type);

  const list = edges && getNullableType(edges.type);
  check(`${type.name}.edges is a list`, isListType(list), edges?.type);
  const edge = isListType(list) ? getNullableType(list.ofType) : undefined;
  check(`${type.name}.edges is a list of objects`, isObjectType(edge), edges?.type);
  if (!isObjectType(edge)) return;
  check(`${type.name}'s edge is named for it`, edge.name === type.name.replace(/Connection$/, 'Edge'), edge.name);

  const { node, cursor } = edge.getFields();
  check(`${edge.name}.node is there and is no list`, node !== undefined && !isListType(getNullableType(node.type)), node?.type);
  // "returns a type that serializes as a String"
  check(`${edge.name}.cursor is a string`, cursor !== undefined && isScalarType(getNullableType(cursor.type)) && (getNamedType(cursor.type).name === 'String' || getNamedType(cursor.type).name.endsWith('Cursor')), cursor?.type);
  for (const [name, field] of Object.entries({ node, cursor })) {
    check(`${edge.name}.${name} takes no required argument`, field?.args.every((argument) => !isNonNullType(argument.type)));
  }
  // Not of the specification: the shortcut past the edges, of the same nodes.
  check(`${type.name}.nodes is [${node?.type}]!`, String(nodes?.type) === `[${node?.type}]!`, nodes?.type);
}

function pageInfo(type, check) {
  check('PageInfo is an object', isObjectType(type));
  if (!isObjectType(type)) return;
  for (const [name, wanted] of Object.entries(PAGE_INFO)) {
    const field = type.getFields()[name];
    check(`PageInfo.${name} is of type ${wanted}`, String(field?.type) === wanted, field?.type);
  }
}

// A log without an end goes forwards alone, and so do hits: the best are the first. The specification allows it.
const FORWARDS_ALONE = ['Query.changes', 'Query.search'];

// Arguments: forwards `first` and `after`, backwards `last` and `before`; with both, none may be required.
function connectionField(place, field, check) {
  const arguments_ = Object.fromEntries(field.args.map((argument) => [argument.name, argument]));
  const isForwardsAlone = FORWARDS_ALONE.includes(place);
  check(`${place} goes backwards, unless it goes forwards alone`, isForwardsAlone === !('last' in arguments_ || 'before' in arguments_));
  for (const name of isForwardsAlone ? ['first'] : ['first', 'last']) {
    check(`${place}(${name}:) is of type Int`, String(arguments_[name]?.type) === 'Int', arguments_[name]?.type);
  }
  const connection = getNullableType(field.type);
  const edge = isObjectType(connection) && getNamedType(connection.getFields().edges?.type);
  const cursor = isObjectType(edge) && getNamedType(edge.getFields().cursor?.type);
  for (const name of isForwardsAlone ? ['after'] : ['after', 'before']) {
    const type = arguments_[name]?.type;
    check(`${place}(${name}:) is of the cursor's type`, isLeafType(type) && type === cursor, type);
  }
}
