import { Button, useGraphiQLActions, type GraphiQLPlugin } from '@graphiql/react';
import { useEffect, useId, useState, type FormEvent, type InputHTMLAttributes } from 'react';
import { SignInError, signIn, signOut, takeToken, useSession, type SessionState } from './session';

const TITLE = 'Sign in';

function SignInIcon() {
  const signedIn = useSession().who !== null;
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" aria-hidden="true">
      <circle cx="12" cy="8" r="4" fill={signedIn ? 'currentColor' : 'none'} />
      <path d="M4.5 20.5c.8-3.9 3.7-6 7.5-6s6.7 2.1 7.5 6z" strokeLinejoin="round" fill={signedIn ? 'currentColor' : 'none'} />
    </svg>
  );
}

function Field({ label, hint, ...input }: { label: string; hint?: string } & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <div className="courant-field">
      <label htmlFor={id}>{label}</label>
      <input id={id} required spellCheck={false} autoCapitalize="none" aria-describedby={hint && `${id}-hint`} {...input} />
      {hint && (
        <p id={`${id}-hint`} className="courant-hint">
          {hint}
        </p>
      )}
    </div>
  );
}

/** Whether a reload of this tab is to keep the sign-in. */
function Stay() {
  return (
    <label className="courant-choice">
      <input type="checkbox" name="stay" />
      Stay signed in when this tab is reloaded. Your token is then in the tab&rsquo;s session storage until you sign out or close
      it.
    </label>
  );
}

/** What a form does with its fields, whether it is at it, and what went wrong. */
function useForm(submit: (fields: FormData) => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await submit(new FormData(event.currentTarget));
    } catch (reason) {
      setError(reason instanceof SignInError ? reason.message : 'Something went wrong.');
    } finally {
      setBusy(false);
    }
  }
  const alert = error && (
    <p role="alert" className="courant-error">
      {error}
    </p>
  );
  return { onSubmit, busy, alert };
}

function PasswordForm() {
  const { onSubmit, busy, alert } = useForm((fields) =>
    signIn(String(fields.get('email')), String(fields.get('password')), fields.has('stay')),
  );
  return (
    <form onSubmit={onSubmit} aria-label="Sign in with a password">
      <Field label="Email" name="email" type="email" autoComplete="username" />
      <Field label="Password" name="password" type="password" autoComplete="current-password" />
      <Stay />
      {alert}
      <Button type="submit" className="courant-primary" aria-disabled={busy}>
        {busy ? 'Signing in …' : 'Sign in'}
      </Button>
    </form>
  );
}

function TokenForm() {
  const { onSubmit, busy, alert } = useForm((fields) => takeToken(String(fields.get('token')), fields.has('stay')));
  return (
    <form onSubmit={onSubmit} aria-label="Use a token">
      <Field
        label="Token"
        name="token"
        type="password"
        autoComplete="off"
        hint="An API token (courant_pat_…), or a token of the OpenID Connect issuer that the server trusts."
      />
      <Stay />
      {alert}
      <Button type="submit" aria-disabled={busy}>
        Use token
      </Button>
    </form>
  );
}

function SignedOut({ notice }: { notice: string | null }) {
  return (
    <>
      {notice && (
        <p role="alert" className="courant-error">
          {notice}
        </p>
      )}
      <p>Drafts, review and publishing are for members of the newsroom. Readers&rsquo; queries need no signing in.</p>
      <PasswordForm />
      <details>
        <summary>Use a token instead</summary>
        <TokenForm />
      </details>
      <p className="courant-hint">Unless you ask for more, what you sign in with stays in this page&rsquo;s memory, until it is closed or reloaded.</p>
    </>
  );
}

function SignedIn({ session }: { session: Extract<SessionState, { by: string }> }) {
  const { who, by, endsAt } = session;
  return (
    <>
      <p role="status" className="courant-who">
        <strong>{who.name}</strong>
        {who.user && <span>{who.user.email}</span>}
      </p>
      <h3>Roles</h3>
      {who.grants.length === 0 && <p>None.</p>}
      <ul className="courant-grants">
        {who.grants.map(({ role, categories, locales }, index) => (
          <li key={index}>
            <strong>{role}</strong>
            <span>Categories: {categories?.map(({ path }) => path).join(', ') ?? 'all'}</span>
            <span>Languages: {locales?.join(', ') ?? 'all'}</span>
          </li>
        ))}
      </ul>
      <p className="courant-hint">
        Every request carries your token now. {by === 'token' && 'It was pasted, and holds as long as it holds.'}
        {endsAt && `It renews itself until ${endsAt.toLocaleDateString()}.`}
      </p>
      <Button type="button" onClick={() => void signOut()}>
        Sign out
      </Button>
    </>
  );
}

function SignInPane() {
  const session = useSession();
  return (
    <section aria-label={TITLE} className="courant-pane courant-sign-in">
      <h2>{session.who ? 'Signed in' : 'Sign in'}</h2>
      {session.who ? <SignedIn session={session} /> : <SignedOut notice={session.notice} />}
    </section>
  );
}

export const SIGN_IN_PLUGIN: GraphiQLPlugin = {
  title: TITLE,
  icon: SignInIcon,
  content: SignInPane,
};

/** Opens the pane when it has something to say that nobody asked for. Renders nothing. */
export function SignInNotice() {
  const { setVisiblePlugin } = useGraphiQLActions();
  const session = useSession();
  const notice = session.who ? null : session.notice;
  useEffect(() => {
    if (notice) setVisiblePlugin(SIGN_IN_PLUGIN);
  }, [notice, setVisiblePlugin]);
  return null;
}
