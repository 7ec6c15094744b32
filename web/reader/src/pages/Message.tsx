import type { ReactNode } from 'react';
import type { CombinedError } from '@urql/core';
import { Head } from '../app/Head';
import { fill, useLanguage } from '../language';
import styles from './Message.module.css';

/** A page that has nothing to show but what it says. */
function Message({ title, children, code }: { title: string; children: ReactNode; code?: string }) {
  return (
    <div className={styles.message}>
      <Head title={title} noindex />
      {code && <p className={styles.code}>{code}</p>}
      <h1>{title}</h1>
      {children}
    </div>
  );
}

function ToFrontPage() {
  const { t, locale } = useLanguage();
  return (
    <p>
      <a className="onward" href={`/${locale}`}>
        {t.toFrontPage}
      </a>
    </p>
  );
}

export function NotFoundPage() {
  const { t } = useLanguage();
  return (
    <Message title={t.notFoundTitle} code="404">
      <p>{t.notFoundText}</p>
      <ToFrontPage />
    </Message>
  );
}

export function GonePage() {
  const { t } = useLanguage();
  return (
    <Message title={t.goneTitle} code="410">
      <p>{t.goneText}</p>
      <ToFrontPage />
    </Message>
  );
}

export function MovingPage() {
  const { t } = useLanguage();
  return (
    <Message title={t.moving}>
      <p />
    </Message>
  );
}

/** What went wrong, in the reader's words, and the one thing to do about it. */
export function FailurePage({ error, onRetry }: { error: CombinedError; onRetry: () => void }) {
  const { t } = useLanguage();
  // A service behind a proxy that is down answers, too, but not in GraphQL: that is no answer of the service.
  const answered = error.graphQLErrors.length > 0;
  const id = error.graphQLErrors.map(({ extensions }) => extensions.requestId).find(Boolean);
  return (
    <Message title={t.failureTitle}>
      <div role="alert">
        <p>{answered ? t.failureService : t.failureNetwork}</p>
        {typeof id === 'string' && <p className={styles.id}>{fill(t.requestId, { id })}</p>}
      </div>
      <p>
        <button className="button" type="button" onClick={onRetry}>
          {t.retry}
        </button>
      </p>
    </Message>
  );
}

/** That there is no search yet. */
export function UnreadyPage({ onRetry }: { onRetry: () => void }) {
  const { t } = useLanguage();
  return (
    <Message title={t.unreadyTitle}>
      <p role="status">{t.unreadyText}</p>
      <p>
        <button className="button" type="button" onClick={onRetry}>
          {t.retry}
        </button>
      </p>
    </Message>
  );
}

/** What is drawn of a page that cannot be drawn. */
export function BrokenPage() {
  const { t } = useLanguage();
  return (
    <Message title={t.failureTitle}>
      <p role="alert">{t.failureService}</p>
      <ToFrontPage />
    </Message>
  );
}
