// What an object gives under a name, its companions in an interface or a union give with the same type, so that one
// document can ask all of them for it without aliases.
import { isAbstractType } from 'graphql';

export function membersAgree(schema, check) {
  for (const type of Object.values(schema.getTypeMap()).filter(isAbstractType)) {
    const typesOf = new Map();
    for (const member of schema.getPossibleTypes(type)) {
      for (const field of Object.values(member.getFields())) {
        typesOf.set(field.name, [...(typesOf.get(field.name) ?? []), `${member.name}: ${field.type}`]);
      }
    }
    for (const [name, given] of typesOf) {
      const types = new Set(given.map((each) => each.split(': ')[1]));
      check(`${name} has one type in all members of ${type.name}`, types.size === 1, given.join('\n     '));
    }
  }
}
