// Everything a client can see says what it is.
import { isEnumType, isInputObjectType, isInterfaceType, isIntrospectionType, isObjectType, isSpecifiedDirective, isSpecifiedScalarType } from 'graphql';

export function describedEverywhere(schema, check) {
  const described = (place, element) => {
    check(`${place} has a description`, Boolean(element.description?.trim()));
    // graphql-js stands in this text for a reason that is not given.
    check(`${place} says what to use instead`, element.deprecationReason !== 'No longer supported');
  };

  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    described(type.name, type);
    if (isEnumType(type)) {
      for (const value of type.getValues()) described(`${type.name}.${value.name}`, value);
    }
    if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        described(`${type.name}.${field.name}`, field);
        for (const argument of field.args ?? []) described(`${type.name}.${field.name}(${argument.name}:)`, argument);
      }
    }
  }

  for (const directive of schema.getDirectives()) {
    if (isSpecifiedDirective(directive)) continue;
    described(`@${directive.name}`, directive);
    for (const argument of directive.args) described(`@${directive.name}(${argument.name}:)`, argument);
  }
}
