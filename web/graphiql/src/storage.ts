import type { Storage } from '@graphiql/toolkit';

// GraphiQL keeps its state in localStorage. Request headers may carry a token: GraphiQL itself
// leaves them out of the stored tabs until the user says otherwise in its settings dialog, but
// writes them into the history all the same. Leave them out there too.
const PREFIX = 'graphiql:';
const PERSIST_HEADERS = `${PREFIX}shouldPersistHeaders`;
const HISTORY = [`${PREFIX}queries`, `${PREFIX}favorites`];

export function shouldPersistHeaders(): boolean {
  return localStorage.getItem(PERSIST_HEADERS) === 'true';
}

function keys(): string[] {
  return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
}

function withoutHeaders(json: string): string {
  return JSON.stringify(JSON.parse(json), (key, value) => (key === 'headers' ? undefined : value));
}

export const storage: Storage = {
  getItem: (key) => localStorage.getItem(key),
  setItem(key, value) {
    localStorage.setItem(key, HISTORY.includes(key) && !shouldPersistHeaders() ? withoutHeaders(value) : value);
    if (key === PERSIST_HEADERS && value === 'false') {
      for (const history of HISTORY) {
        const json = localStorage.getItem(history);
        if (json !== null) localStorage.setItem(history, withoutHeaders(json));
      }
    }
  },
  removeItem: (key) => localStorage.removeItem(key),
  clear: () => keys().forEach((key) => localStorage.removeItem(key)),
  get length() {
    return keys().length;
  },
};
