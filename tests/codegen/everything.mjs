// Writes operations that ask for the whole schema, as tools that make operations from a schema do: one for each field of the
// roots, with all that can be asked for below it, without aliases. `graphql-codegen` and `tsc` must take what comes of it.
//   node everything.mjs [DEPTH]
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import {
  buildSchema, getNamedType, isAbstractType, isEnumType, isInputObjectType, isLeafType, isListType, isNonNullType, isRequiredArgument, parse,
  print, validate,
} from 'graphql';

const depth = Number(process.argv[2] ?? 2);
const schema = buildSchema(await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8'));
const everything = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((root) =>
  Object.values(root.getFields()).map((field) => operation(root, field)),
);
const text = everything.map((source) => print(parse(source))).join('\n\n');
const problems = validate(schema, parse(text));
if (problems.length > 0) throw new Error(problems.map(String).join('\n'));
await mkdir(new URL('generated/', import.meta.url), { recursive: true });
await writeFile(new URL('generated/everything.graphql', import.meta.url), text);
console.log(`${everything.length} operations of ${text.length} characters ask for the whole schema, ${depth} levels deep`);

// Every argument at the root is a variable, as generators write them; below, those alone that must be given.
function operation(root, field) {
  const name = `${root.name}${field.name[0].toUpperCase()}${field.name.slice(1)}`;
  const variables = field.args.map((argument) => `$${argument.name}: ${argument.type}`);
  const given = field.args.map((argument) => `${argument.name}: $${argument.name}`);
  const type = root.name.toLowerCase();
  return `${type} ${name}${bracketed(variables)} { ${field.name}${bracketed(given)} ${selection(getNamedType(field.type), depth)} }`;
}

function selection(type, levels) {
  if (isLeafType(type)) return '';
  const members = isAbstractType(type) ? schema.getPossibleTypes(type) : [];
  const own = 'getFields' in type ? fields(type, levels) : '';
  return `{ __typename ${own} ${members.map((member) => `... on ${member.name} { __typename ${fields(member, levels)} }`).join(' ')} }`;
}

function fields(type, levels) {
  return Object.values(type.getFields())
    .filter((field) => isLeafType(getNamedType(field.type)) || levels > 0)
    .map((field) => {
      const given = field.args.filter(isRequiredArgument).map((argument) => `${argument.name}: ${literal(argument.type)}`);
      return `${field.name}${bracketed(given)} ${selection(getNamedType(field.type), levels - 1)}`;
    })
    .join(' ');
}

// Some value that a type takes.
function literal(type) {
  if (isNonNullType(type)) return literal(type.ofType);
  if (isListType(type)) return '[]';
  if (isEnumType(type)) return type.getValues()[0].name;
  if (isInputObjectType(type)) {
    const all = Object.values(type.getFields());
    const given = type.isOneOf ? all.slice(0, 1) : all.filter((field) => isNonNullType(field.type) && field.defaultValue === undefined);
    return `{ ${given.map((field) => `${field.name}: ${literal(field.type)}`).join(' ')} }`;
  }
  return { Int: '1', Float: '1.0', Boolean: 'true' }[type.name] ?? '"x"';
}

function bracketed(parts) {
  return parts.length > 0 ? `(${parts.join(', ')})` : '';
}
