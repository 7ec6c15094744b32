// What may be written in the editor of variables, as JSON Schema: all that the GraphQL specification takes. The schema that
// monaco-graphql makes takes less, so that right variables were marked as wrong:
// - a non-null field or variable with a default need not be given (§3.10, §6.1.2);
// - one value stands for a list of one (§3.11), and a number for an ID (§3.5.5);
// - a document may have several operations, of which one is run: none needs the others' variables, nor their types of a name.
import { parse, print, type OperationDefinitionNode } from 'graphql';

export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  default?: unknown;
  description?: string;
  additionalProperties?: boolean;
  items?: JsonSchema;
  oneOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  definitions?: Record<string, JsonSchema>;
}

/** The schema for a document; `of` makes the package's of a document with one operation. */
export function variablesSchema(document: string, of: (operation: string) => JsonSchema | null): JsonSchema | null {
  const schemas = operationsOf(document).map((operation) => {
    const schema = of(print(operation));
    return schema && amended(schema, operation);
  });
  const known = schemas.filter((schema) => schema !== null);
  return known.length === 0 ? null : known.reduce(either);
}

function operationsOf(document: string): OperationDefinitionNode[] {
  try {
    return parse(document).definitions.filter((one) => one.kind === 'OperationDefinition');
  } catch {
    return []; // it is being written
  }
}

function amended(schema: JsonSchema, { variableDefinitions }: OperationDefinitionNode): JsonSchema {
  const whole = object(schema);
  const filled = variableDefinitions?.filter((one) => one.defaultValue).map((one) => one.variable.name.value);
  return { ...whole, required: whole.required?.filter((name) => !filled?.includes(name)) ?? [] };
}

/** An object, and the objects that it is defined with. */
function object(one: JsonSchema): JsonSchema {
  return {
    ...one,
    ...(one.properties && { properties: mapped(one.properties, value) }),
    ...(one.required && { required: one.required.filter((name) => one.properties?.[name]?.default === undefined) }),
    ...(one.definitions && { definitions: mapped(one.definitions, object) }),
  };
}

/** A value of a variable, of a field of an input object, or in a list. */
function value(one: JsonSchema): JsonSchema {
  const types = [one.type].flat();
  if (types.includes('array') && one.items) {
    const items = value(one.items);
    const { description } = one;
    return { ...(description !== undefined && { description }), anyOf: [{ ...one, items }, items] };
  }
  return isId(one) ? { ...one, type: [...types.filter((type) => type !== undefined), 'integer'] } : one;
}

/** The type of a value stands in its description, below what is said of the field. */
function isId({ description = '' }: JsonSchema): boolean {
  return /^ID!?$/.test(description.split('\n\n').at(-1)?.split('\n')[0] ?? '');
}

/** What either takes. */
function either(one: JsonSchema, other: JsonSchema): JsonSchema {
  const properties = { ...one.properties };
  for (const [name, value] of Object.entries(other.properties ?? {})) {
    const before = properties[name];
    const same = before === undefined || JSON.stringify(before) === JSON.stringify(value);
    properties[name] = same ? value : { anyOf: [before, value] };
  }
  return {
    ...one,
    properties,
    required: one.required?.filter((name) => other.required?.includes(name)) ?? [],
    definitions: { ...one.definitions, ...other.definitions },
  };
}

const mapped = (of: Record<string, JsonSchema>, by: (one: JsonSchema) => JsonSchema) =>
  Object.fromEntries(Object.entries(of).map(([name, one]) => [name, by(one)]));
