// What schema.org knows, read out of the types that schema-dts makes of its vocabulary, pending terms included: which types there are,
// below which others, which properties each has, and what these may hold.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const DATA = new Set([
  'Text',
  'URL',
  'Date',
  'DateTime',
  'Time',
  'Number',
  'Integer',
  'Float',
  'Boolean',
  'CssSelectorType',
  'PronounceableText',
  'XPathType',
  'Distance',
  'Duration',
  'Energy',
  'Mass',
]);
const IS_DATE = /^-?\d{4}-\d{2}-\d{2}$/;
const IS_TIME_OF_A_DAY = /^-?\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/;

export class Vocabulary {
  // By the name of an interface: those it extends, and the ranges of its own properties.
  #interfaces = new Map();
  // By the name of a type: the interface of the type itself.
  #leaves = new Map();
  // By the name of a type: what it may be, types and texts.
  #aliases = new Map();

  static load() {
    const path = fileURLToPath(new URL('schema.d.ts', import.meta.resolve('schema-dts')));
    const known = new Vocabulary();
    const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
    for (const statement of source.statements) {
      if (ts.isInterfaceDeclaration(statement)) known.#interface(statement);
      if (ts.isTypeAliasDeclaration(statement)) known.#alias(statement.name.text, statement.type);
    }
    return known;
  }

  #interface(declaration) {
    const parents = (declaration.heritageClauses ?? []).flatMap((clause) => clause.types.map((type) => type.expression.text));
    const properties = new Map();
    for (const member of declaration.members) {
      const name = member.name?.text;
      if (name === '@type') this.#leaves.set(member.type.literal.text, declaration.name.text);
      else if (name && !name.startsWith('@')) properties.set(name, ranges(member.type));
    }
    this.#interfaces.set(declaration.name.text, { parents, properties });
  }

  #alias(name, type) {
    // A role stands for another value, and has what that has.
    if (ts.isIntersectionTypeNode(type) && name.endsWith('Leaf')) {
      const literal = type.types.flatMap((part) => part.members ?? []).find((member) => member.name?.text === '@type');
      const base = type.types.flatMap((part) => part.typeArguments ?? []).find((part) => part.typeName)?.typeName.text;
      if (literal && base) {
        this.#leaves.set(literal.type.literal.text, name);
        this.#interfaces.set(name, { parents: [base], properties: new Map() });
      }
      return;
    }
    const parts = ts.isUnionTypeNode(type) ? type.types : [type];
    const texts = parts.filter((part) => part.literal?.text !== undefined).map((part) => part.literal.text);
    this.#aliases.set(name, { types: parts.map((part) => part.typeName?.text).filter(Boolean), texts });
  }

  types() {
    return [...this.#leaves.keys()];
  }

  has(type) {
    return this.#leaves.has(type);
  }

  // The properties of a type, those of the types above it included, with what they may hold.
  properties(type) {
    const [found, todo] = [new Map(), [this.#leaves.get(type)]];
    while (todo.length) {
      const one = this.#interfaces.get(todo.pop());
      if (!one) continue;
      for (const [name, range] of one.properties) if (!found.has(name)) found.set(name, range);
      todo.push(...one.parents);
    }
    return found;
  }

  // Whether a type is another one, or below it.
  is(type, other, seen = new Set()) {
    if (type === other) return true;
    if (seen.has(other)) return false;
    seen.add(other);
    const below = this.#aliases.get(other)?.types ?? [];
    return below.some((name) => this.#leaves.get(type) === name || this.is(type, name, seen));
  }

  #texts(name, seen = new Set()) {
    if (seen.has(name)) return [];
    seen.add(name);
    const { types = [], texts = [] } = this.#aliases.get(name) ?? {};
    return [...texts, ...types.flatMap((type) => this.#texts(type, seen))];
  }

  // Why a value may not stand for a property of these ranges; nothing if it may.
  misfit(value, ranges) {
    const all = `one of ${ranges.join(', ')}`;
    const may = (...names) => names.some((name) => ranges.includes(name));
    if (Array.isArray(value)) return value.map((one) => this.misfit(one, ranges)).find(Boolean);
    if (typeof value === 'boolean') return may('Boolean') ? undefined : `${value} is not ${all}`;
    if (typeof value === 'number') {
      const fits = may('Number', 'Float') || (may('Integer') && Number.isInteger(value));
      return fits ? undefined : `${value} is not ${all}`;
    }
    if (typeof value === 'string') {
      if (value.trim() === '') return 'it is empty';
      if (may('Text', 'Distance', 'Duration', 'PronounceableText')) return undefined;
      if (may('URL') && URL.canParse(value)) return undefined;
      if (may('Date') && IS_DATE.test(value)) return undefined;
      if (may('DateTime') && IS_TIME_OF_A_DAY.test(value)) return undefined;
      if (may('Number', 'Integer', 'Float') && !Number.isNaN(Number(value))) return undefined;
      return ranges.some((range) => this.#texts(range).includes(value)) ? undefined : `${JSON.stringify(value)} is not ${all}`;
    }
    if (value === null || value === undefined) return 'it is nothing';
    const type = value['@type'];
    if (type === undefined) {
      const is_reference = typeof value['@id'] === 'string' && Object.keys(value).length === 1;
      return is_reference && may('IdReference') ? undefined : `what has no type is not ${all}`;
    }
    const fits = ranges.some((range) => !DATA.has(range) && this.is(type, range));
    return fits ? undefined : `${type} is not ${all}`;
  }

  // The same as other makers' validators like it: as schema.org publishes it.
  graph() {
    const classes = this.types().map((type) => ({ '@id': `schema:${type}`, '@type': 'rdfs:Class' }));
    const domains = new Map();
    for (const type of this.types()) {
      for (const name of this.properties(type).keys()) {
        if (!domains.has(name)) domains.set(name, []);
        domains.get(name).push({ '@id': `schema:${type}` });
      }
    }
    const properties = [...domains].map(([name, types]) => ({ '@id': `schema:${name}`, '@type': 'rdf:Property', 'schema:domainIncludes': types }));
    return { '@graph': [...classes, ...properties] };
  }
}

// `SchemaValue<Person | Text, "author">` may hold persons and texts.
function ranges(type) {
  const held = type.typeArguments?.[0] ?? type;
  const parts = ts.isUnionTypeNode(held) ? held.types : [held];
  return parts.map((part) => part.typeName?.text ?? ts.SyntaxKind[part.kind]);
}
