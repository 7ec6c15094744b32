// What introspection cannot show: pages that add up, flags that are true, ids that lead back. Asked of every
// connection that can be reached from the root without a required argument.
import { isDeepStrictEqual } from 'node:util';
import { getNamedType, getNullableType, isInterfaceType, isObjectType, isRequiredArgument } from 'graphql';

const PAGE = 3;

export async function pagesAndObjects(schema, ask, check) {
  const node = schema.getType('Node');
  const roots = Object.values(schema.getQueryType().getFields()).filter(
    (field) => getNamedType(field.type).name.endsWith('Connection') && !field.args.some(isRequiredArgument),
  );
  check('some connection at the root needs no argument', roots.length > 0);
  const ids = [];
  for (const field of roots) {
    const item = getNamedType(getNamedType(getNullableType(field.type)).getFields().edges.type).getFields().node;
    const type = getNamedType(item.type);
    const known = isObjectType(type) || isInterfaceType(type) ? type.getInterfaces().includes(node) : false;
    const goesBackwards = field.args.some((argument) => argument.name === 'last');
    if (goesBackwards) await pages(field.name, known, ask, check, ids);
    else await pagesForwards(field, ask, check);
  }
  await objects(schema, ids, ask, check);
}

async function pages(name, known, ask, check, ids) {
  const read = async (paging) =>
    (
      await ask(
        `query ($first: Int, $after: String, $last: Int, $before: String) {
          list: ${name}(first: $first, after: $after, last: $last, before: $before) {
            edges { cursor node { __typename ${known ? '... on Node { id }' : ''} } }
            nodes { __typename ${known ? '... on Node { id }' : ''} }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
          }
        }`,
        paging,
      )
    ).list;

  const whole = await read({ first: PAGE * 2 });
  check(`${name} has two pages to check with`, whole.edges.length === PAGE * 2, whole.edges.length);
  if (whole.edges.length < PAGE * 2) return;
  ids.push(...(known ? whole.nodes : []));

  const one = await read({ first: PAGE });
  const two = await read({ first: PAGE, after: one.pageInfo.endCursor });
  const back = await read({ last: PAGE, before: two.pageInfo.startCursor });
  const end = await read({ last: PAGE });
  const none = await read({ first: 0 });

  check(`${name}: two pages are the first of twice the size`, isDeepStrictEqual([...one.edges, ...two.edges], whole.edges));
  check(`${name}: backwards from the second page is the first, in the same order`, isDeepStrictEqual(back.edges, one.edges));
  check(`${name}: first: 0 is an empty page`, none.edges.length === 0 && none.pageInfo.startCursor === null && none.pageInfo.endCursor === null);
  check(`${name}: the first page has none before it`, !one.pageInfo.hasPreviousPage);
  check(`${name}: the first page has one behind it`, one.pageInfo.hasNextPage);
  check(`${name}: before the second page, none is before the page`, !back.pageInfo.hasPreviousPage);
  check(`${name}: the last page has none behind it`, !end.pageInfo.hasNextPage);
  check(`${name}: the last page is full`, end.edges.length === PAGE, end.edges.length);

  for (const [page, { edges, nodes, pageInfo }] of Object.entries({ one, two, back, end })) {
    check(`${name}: startCursor is the first edge's (${page})`, pageInfo.startCursor === edges[0]?.cursor);
    check(`${name}: endCursor is the last edge's (${page})`, pageInfo.endCursor === edges.at(-1)?.cursor);
    check(`${name}: nodes are the edges' (${page})`, isDeepStrictEqual(nodes, edges.map((edge) => edge.node)));
  }
}

// A list that goes forwards alone, and has a place to go on from even after an empty page.
async function pagesForwards({ name, args }, ask, check) {
  const cursor = getNamedType(args.find((argument) => argument.name === 'after').type);
  const read = async (paging) =>
    (
      await ask(
        `query ($first: Int, $after: ${cursor}) {
          list: ${name}(first: $first, after: $after) {
            edges { cursor node { cursor } } nodes { cursor }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
          }
        }`,
        paging,
      )
    ).list;
  const whole = await read({ first: PAGE * 2 });
  check(`${name} has two pages to check with`, whole.edges.length === PAGE * 2, whole.edges.length);
  const one = await read({ first: PAGE });
  const two = await read({ first: PAGE, after: one.pageInfo.endCursor });
  const none = await read({ first: 0, after: one.pageInfo.endCursor });
  check(`${name}: two pages are the first of twice the size`, isDeepStrictEqual([...one.edges, ...two.edges], whole.edges));
  check(`${name}: the first page has none before it, and one behind it`, !one.pageInfo.hasPreviousPage && one.pageInfo.hasNextPage);
  check(`${name}: an empty page has a place to go on from`, none.edges.length === 0 && none.pageInfo.endCursor === one.pageInfo.endCursor);
  for (const [page, { edges, nodes, pageInfo }] of Object.entries({ one, two })) {
    check(`${name}: startCursor is the first edge's (${page})`, pageInfo.startCursor === edges[0]?.cursor);
    check(`${name}: endCursor is the last edge's (${page})`, pageInfo.endCursor === edges.at(-1)?.cursor);
    check(`${name}: nodes are the edges' (${page})`, isDeepStrictEqual(nodes, edges.map((edge) => edge.node)));
  }
}

// "If two objects … have identical IDs, then the two objects must be equal"; the plural field keeps order and length.
async function objects(schema, ids, ask, check) {
  for (const { id, __typename } of ids) {
    const { node } = await ask(`query ($id: ID!) { node(id: $id) { __typename id ... on ${__typename} { again: id } } }`, { id });
    check(`node(id:) of ${__typename} ${id} is it again`, isDeepStrictEqual({ ...node }, { __typename, id, again: id }), JSON.stringify(node));
  }
  const mixed = [ids.at(-1).id, 'nothing-has-this-id', ids[0].id, ids.at(-1).id];
  const { nodes } = await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: mixed });
  const wanted = mixed.map((id, index) => (index === 1 ? null : id));
  check('nodes(ids:) keeps place, repetition and gap', isDeepStrictEqual(nodes.map((node) => node?.id ?? null), wanted), JSON.stringify(nodes));
  const { node } = await ask('{ node(id: "nothing-has-this-id") { id } }');
  check('node(id:) of nothing is null', node === null, JSON.stringify(node));
}
