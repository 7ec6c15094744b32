// Who is signed in on this page, and the bearer token that its requests carry.
//
// The tokens are in this module's memory and nowhere else: not in storage, which scripts and extensions of other pages' making
// like to look into; not in an address, which ends up in logs. So a reload signs the page out, but for those who ask for
// something else: then they are in sessionStorage, which is this tab's alone and ends with it.
import { useSyncExternalStore } from 'react';
import * as operations from './sessionOperations';
import type { Tokens, Viewer } from './sessionOperations';

const ENDPOINT = '/graphql';
/** An access token is renewed this long before it ends. */
const AHEAD = 60_000;

export type SessionState =
  // `notice`: why the page is signed out, if nobody asked for it.
  { who: null; notice: string | null } | { who: Viewer; by: 'password' | 'token'; endsAt: Date | null };

interface Held {
  token: string;
  /** None for a token that was pasted. */
  refreshToken: string | null;
  /** By this machine's clock, which need not be the server's. */
  renewAt: number;
}

/** Why somebody could not be signed in, in words to show. */
export class SignInError extends Error {
  constructor(message: string) {
    super(sentence(message));
  }
}

/** The server's messages begin in lower case and have no full stop. */
function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1) + (/[.!?…]$/.test(message) ? '' : '.');
}

/** Where this tab keeps its sign-in over a reload, if asked to. */
const KEPT = 'courant:sign-in';

interface Kept {
  token: string;
  tokens: Tokens | null;
  by: 'password' | 'token';
}

let held: Held | null = null;
/** What is to outlive a reload; none when nobody asked for that. */
let kept: Kept | null = null;
let renewing: Promise<boolean> | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let state: SessionState = { who: null, notice: null };
const listeners = new Set<() => void>();

function show(next: SessionState) {
  state = next;
  for (const listener of listeners) listener();
}

export function useSession(): SessionState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

function hold(token: string, tokens: Tokens | null) {
  const lasts = tokens ? Date.parse(tokens.expiresAt) - Date.now() : Infinity;
  // At least some seconds, so that a clock that is far off does not have us ask without end.
  const wait = Math.max(lasts - AHEAD, lasts / 2, 10_000);
  held = { token, refreshToken: tokens?.refreshToken ?? null, renewAt: Date.now() + wait };
  clearTimeout(timer);
  if (tokens) timer = setTimeout(() => void renew(), wait);
}

/** Writes down what is kept; where nothing may be stored, a reload signs out. */
function keep(next: Kept | null) {
  kept = next;
  try {
    if (next) sessionStorage.setItem(KEPT, JSON.stringify(next));
    else sessionStorage.removeItem(KEPT);
  } catch {
    // Not kept, then.
  }
}

/** Takes up what this tab was signed in with before it was loaded anew. A tab that was copied must not share a refresh token. */
async function takeUp() {
  let before: Kept | null = null;
  try {
    const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    if (entry?.type === 'reload') before = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null') as Kept | null;
    sessionStorage.removeItem(KEPT);
  } catch {
    return;
  }
  if (!before) return;
  const { token, tokens, by } = before;
  hold(token, tokens);
  keep(before);
  try {
    // The access token may have ended while the page was away.
    if (tokens && Date.parse(tokens.expiresAt) - AHEAD < Date.now() && !(await renew()) && !held) return;
    if (!held) return;
    const who = operations.viewer(await ask(operations.VIEWER, {}, held.token));
    show({ who, by, endsAt: tokens ? new Date(tokens.refreshExpiresAt) : null });
  } catch (reason) {
    drop(reason instanceof SignInError ? `You are signed out. ${reason.message}` : 'You are signed out.');
  }
}

function drop(notice: string | null) {
  keep(null);
  held = null;
  clearTimeout(timer);
  show({ who: null, notice });
}

/** Asks the endpoint, for the session's own ends. Throws what can be shown. */
async function ask<T>(query: string, variables: object, token: string | null): Promise<T> {
  let response: Response;
  try {
    response = await fetch(ENDPOINT, {
      method: 'POST',
      headers: {
        accept: 'application/graphql-response+json',
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
  } catch {
    throw new SignInError('The server cannot be reached.');
  }
  const answer = (await response.json().catch(() => null)) as { data?: T; errors?: { message: string }[] } | null;
  if (answer?.errors?.[0]) throw new SignInError(answer.errors[0].message);
  if (!answer?.data) throw new SignInError(`The server answered with HTTP status ${response.status}.`);
  return answer.data;
}

export async function signIn(email: string, password: string, staysOverReload: boolean): Promise<void> {
  const tokens = operations.signedIn(await ask(operations.SIGN_IN, { email, password }, null));
  if (typeof tokens === 'string') throw new SignInError(tokens);
  const who = operations.viewer(await ask(operations.VIEWER, {}, tokens.accessToken));
  hold(tokens.accessToken, tokens);
  keep(staysOverReload ? { token: tokens.accessToken, tokens, by: 'password' } : null);
  show({ who, by: 'password', endsAt: new Date(tokens.refreshExpiresAt) });
}

/** Takes a token that somebody has from elsewhere: a machine's, or an external issuer's. */
export async function takeToken(pasted: string, staysOverReload: boolean): Promise<void> {
  const token = pasted.trim().replace(/^Bearer\s+/i, '');
  if (!/^[\x21-\x7e]+$/.test(token)) throw new SignInError('This is no token: it is empty, or has spaces in it.');
  const who = operations.viewer(await ask(operations.VIEWER, {}, token));
  hold(token, null);
  keep(staysOverReload ? { token, tokens: null, by: 'token' } : null);
  show({ who, by: 'token', endsAt: null });
}

export async function signOut(): Promise<void> {
  const leaving = held;
  drop(null);
  // A pasted token is somebody else's to end. If the server does not hear of it, the session ends by itself.
  if (leaving?.refreshToken) await ask(operations.SIGN_OUT, {}, leaving.token).catch(() => undefined);
}

/** The token that requests carry now. */
export function currentToken(): string | null {
  return held?.token ?? null;
}

/** Exchanges the refresh token, which holds once: so only one request at a time does. Says whether it worked. */
function renew(): Promise<boolean> {
  renewing ??= exchange().finally(() => (renewing = null));
  return renewing;
}

async function exchange(): Promise<boolean> {
  const before = held;
  if (!before?.refreshToken) return false;
  const refreshToken = before.refreshToken;
  let tokens: Tokens | string;
  try {
    tokens = operations.refreshed(await ask(operations.REFRESH, { refreshToken }, null));
  } catch {
    // The server cannot be reached, or fails. Whatever is asked next tries again.
    return false;
  }
  if (held !== before) return false; // signed out meanwhile
  if (typeof tokens === 'string') {
    drop(`You are signed out. ${sentence(tokens)}`);
    return false;
  }
  hold(tokens.accessToken, tokens);
  if (kept) keep({ ...kept, token: tokens.accessToken, tokens });
  return true;
}

/** `fetch`, with the bearer token if there is one. An Authorization header of the headers editor comes first. */
export const fetchAsViewer: typeof fetch = async (input, init) => {
  const send = (token: string) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${token}`);
    return fetch(input, { ...init, headers });
  };
  if (!held || new Headers(init?.headers).has('authorization')) return fetch(input, init);
  if (held.refreshToken && Date.now() >= held.renewAt) await renew();
  if (!held) return fetch(input, init);

  const sent = held;
  const response = await send(sent.token);
  if (response.status !== 401) return response;
  if (held === sent && sent.refreshToken) await renew();
  // Another request may have renewed it while this one was under way.
  if (held && held !== sent) return send(held.token);
  if (held) drop('You are signed out: the server no longer takes your token. It has expired, or was revoked.');
  return response;
};

void takeUp();
