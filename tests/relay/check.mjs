// Checks the schema against Relay's two specifications, and a running server against the schema.
//   BASE_URL=http://127.0.0.1:8080 node check.mjs
// Ends with the line `N passed, N failed`.
import { readFile } from 'node:fs/promises';
import { buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema, validateSchema } from 'graphql';
import { describedEverywhere } from './rules/described.mjs';
import { connectionRules } from './rules/connections.mjs';
import { membersAgree } from './rules/members.mjs';
import { identificationRules } from './rules/identification.mjs';
import { pagesAndObjects } from './rules/answers.mjs';

const { BASE_URL } = process.env;
const SDL = new URL('../../schema.graphql', import.meta.url);

let passed = 0;
let failed = 0;

// One rule at one place.
function check(rule, ok, detail) {
  if (ok) {
    passed += 1;
  } else {
    failed += 1;
    console.log(`FAIL ${rule}${detail === undefined ? '' : `\n     ${detail}`}`);
  }
}

async function ask(query, variables = {}) {
  const response = await fetch(new URL('/graphql', BASE_URL), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query, variables }),
  });
  const answer = await response.json();
  if (answer.errors) throw new Error(`${JSON.stringify(answer.errors)}\n     asked: ${query} ${JSON.stringify(variables)}`);
  return answer.data;
}

try {
  if (!BASE_URL) throw new Error('set BASE_URL, for example http://127.0.0.1:8080');

  const text = await readFile(SDL, 'utf8');
  const written = buildSchema(text);
  const problems = validateSchema(written);
  check('graphql-js takes schema.graphql', problems.length === 0, problems.join('\n     '));

  // The file ends with the standard's own directives, which graphql-js leaves out.
  const printed = printSchema(written).split('\n');
  const reprinted = firstDifference(text.split('\n').slice(0, printed.length), printed);
  check('graphql-js prints schema.graphql as it is', reprinted === undefined, reprinted);

  const introspection = getIntrospectionQuery({
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    // The library's words on what a schema is; older parsers could not read them in the file.
    schemaDescription: false,
    inputValueDeprecation: true,
    oneOf: true,
  });
  const served = buildClientSchema(await ask(introspection));
  const difference = firstDifference(canonical(written), canonical(served));
  check('the schema that is served is schema.graphql', difference === undefined, difference);

  describedEverywhere(served, check);
  membersAgree(served, check);
  identificationRules(served, check);
  connectionRules(served, check);
  await pagesAndObjects(served, ask, check);
} catch (error) {
  check('the checks run to their end', false, error.stack ?? error);
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function canonical(schema) {
  return printSchema(lexicographicSortSchema(schema)).split('\n');
}

function firstDifference(written, served) {
  const at = written.findIndex((line, index) => line !== served[index]);
  if (at === -1 && written.length === served.length) return undefined;
  return `they part at line ${at + 1}: file «${written[at]}», the other «${served[at]}»`;
}
