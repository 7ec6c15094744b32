// A request as a command for a POSIX shell.

export interface Asked {
  address: string;
  query: string;
  /** The text of the variables editor, and of the headers editor. */
  variables: string;
  headers: string;
  operationName: string | undefined;
  /** What the page's requests carry, `$TOKEN` for a name in its place. */
  token: string | null;
  /** Whether credentials of the headers editor are to be in it, too. */
  withCredentials: boolean;
}

/** Headers whose value lets somebody in. */
const SECRET = /^(?:authorization|cookie|proxy-authorization|x-api-key)$|token|secret/i;

export function asCurl({ address, query, variables, headers, operationName, token, withCredentials }: Asked): string {
  const given = objectOf(headers) ?? {};
  const names = Object.keys(given).map((name) => name.toLowerCase());
  const sent = [quoted('content-type: application/json')];
  if (!names.includes('accept')) sent.push(quoted('accept: application/graphql-response+json'));
  if (token !== null && !names.includes('authorization')) {
    sent.push(token === '$TOKEN' ? quoted('authorization: Bearer ') + variable('TOKEN') : quoted(`authorization: Bearer ${token}`));
  }
  for (const [name, value] of Object.entries(given)) {
    if (['content-type', 'content-length', 'host'].includes(name.toLowerCase())) continue;
    const hidden = SECRET.test(name) && !withCredentials;
    sent.push(hidden ? quoted(`${name}: `) + variable(name) : quoted(`${name}: ${String(value)}`));
  }
  const values = objectOf(variables);
  const body = {
    query,
    // That of another tab's is of no use here.
    ...(operationName && query.includes(operationName) && { operationName }),
    ...(values && Object.keys(values).length > 0 && { variables: values }),
  };
  const parts = [
    `curl ${quoted(address)}`,
    ...sent.map((header) => `--header ${header}`),
    `--data-raw ${quoted(JSON.stringify(body))}`,
  ];
  return parts.join(' \\\n  ');
}

/** A variable of the shell's, whose value it puts in. */
const variable = (name: string) => `"$${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}"`;

/** The object that an editor's text is; none when it is empty or being written. */
function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** A text that the shell takes as it is. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
