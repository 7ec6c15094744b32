// Runs every audit of graphql-http (MUST, SHOULD and MAY) against a running server.
//   BASE_URL=http://127.0.0.1:8080 node run.mjs
import { serverAudits } from 'graphql-http';

const { BASE_URL } = process.env;
if (!BASE_URL) {
  console.error('set BASE_URL, for example http://127.0.0.1:8080');
  process.exit(2);
}

let passed = 0;
let failed = 0;
for (const audit of serverAudits({ url: new URL('/graphql', BASE_URL).href })) {
  const result = await audit.fn();
  if (result.status === 'ok') {
    passed += 1;
    console.log(`ok   ${audit.id} ${audit.name}`);
  } else {
    failed += 1;
    console.log(`FAIL ${audit.id} ${audit.name}: ${result.reason}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
