import type { Storage } from '@graphiql/toolkit';

// GraphiQL keeps its state in localStorage: tabs with their variables, and a history. What is written there stays,
// for whoever uses this browser next, so no token gets into it, wherever somebody has put one. Request headers
// are left out altogether: GraphiQL leaves them out of the tabs, but not out of the history.
const PREFIX = 'graphiql:';
const HISTORY = [`${PREFIX}queries`, `${PREFIX}favorites`];

// JWTs (access and preview tokens, an issuer's), API tokens and refresh tokens.
const TOKENS = /\beyJ[\w-]+\.[\w-]+\.[\w-]*|\bcourant_(?:pat|ref)_[\w-]+/g;

function keys(): string[] {
  return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
}

function withoutHeaders(json: string): string {
  return JSON.stringify(JSON.parse(json), (key, value) => (key === 'headers' ? undefined : value));
}

export const storage: Storage = {
  getItem: (key) => localStorage.getItem(key),
  setItem(key, value) {
    const kept = HISTORY.includes(key) ? withoutHeaders(value) : value;
    localStorage.setItem(key, kept.replace(TOKENS, ''));
  },
  removeItem: (key) => localStorage.removeItem(key),
  clear: () => keys().forEach((key) => localStorage.removeItem(key)),
  get length() {
    return keys().length;
  },
};
