// The operations behind the "Sign in" pane.

export interface Viewer {
  name: string;
  /** None for machines, and for an external issuer's people. */
  user: { email: string } | null;
  /** Null: everywhere. */
  grants: { role: string; categories: { path: string }[] | null; locales: string[] | null }[];
}

export interface Tokens {
  accessToken: string;
  expiresAt: string;
  refreshToken: string;
  refreshExpiresAt: string;
}

interface Problem {
  message: string;
}

type TokensPayload = { [name in keyof Tokens]: string | null } & { userErrors: Problem[] };

const TOKENS = 'accessToken expiresAt: accessTokenExpiresAt refreshToken refreshExpiresAt: refreshTokenExpiresAt';

export const SIGN_IN = `mutation SignIn($email: String!, $password: String!) {
  signIn(input: { email: $email, password: $password }) { ${TOKENS} userErrors { message } }
}`;

export const REFRESH = `mutation RefreshSession($refreshToken: String!) {
  refreshSession(input: { refreshToken: $refreshToken }) { ${TOKENS} userErrors { message } }
}`;

export const SIGN_OUT = `mutation SignOut {
  signOut(input: {}) { userErrors { message } }
}`;

export const VIEWER = `query Viewer {
  editorial { viewer { name user { email } grants { role categories { path } locales } } }
}`;

/** The tokens, or why there are none. */
function tokens(payload: TokensPayload | null): Tokens | string {
  const problem = payload?.userErrors[0];
  if (!payload || problem) return problem?.message ?? 'the server gave no tokens';
  return payload as Tokens;
}

export const signedIn = (data: { signIn: TokensPayload | null }) => tokens(data.signIn);

export const refreshed = (data: { refreshSession: TokensPayload | null }) => tokens(data.refreshSession);

export const viewer = (data: { editorial: { viewer: Viewer } }) => data.editorial.viewer;
