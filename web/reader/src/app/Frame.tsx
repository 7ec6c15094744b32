import { useEffect, useState, type ReactNode } from 'react';
import { fill, useLanguage } from '../language';
import type { View } from '../usePage';
import type { Alternate } from './alternates';
import { SearchBox } from './SearchBox';
import { useSite } from './site';
import styles from './Frame.module.css';

/** What stands around every page. */
export function Frame({
  view,
  pending,
  alternates,
  onRetry,
  children,
}: {
  view: View;
  pending: boolean;
  alternates: Alternate[];
  onRetry: () => void;
  children: ReactNode;
}) {
  const { t } = useLanguage();
  return (
    <>
      <a className={styles.skip} href="#content">
        {t.skipToContent}
      </a>
      <Progress pending={pending} />
      <Masthead path={view.page.path} sought={soughtOn(view)} alternates={alternates} />
      <Notices view={view} onRetry={onRetry} />
      <main id="content" className={styles.main} tabIndex={-1} aria-busy={pending}>
        {children}
      </main>
      <Footer />
    </>
  );
}

/** What the page was searched for. */
function soughtOn({ page: { kind, variables } }: View): string {
  return kind === 'search' ? String(variables.query ?? '') : '';
}

function Masthead({ path, sought, alternates }: { path: string; sought: string; alternates: Alternate[] }) {
  const { t, locale } = useLanguage();
  const { name, sections } = useSite();
  const isHere = (to: string) => (path === to ? 'page' : path.startsWith(`${to}/`) ? 'true' : undefined);
  return (
    <header className={styles.masthead}>
      <div className={styles.top}>
        <a className={styles.name} href={`/${locale}`}>
          <Emblem />
          <span>
            <bdi>{name}</bdi>
          </span>
        </a>
        <SearchBox key={sought} sought={sought} />
        <LanguageSwitch alternates={alternates} />
      </div>
      {sections.length > 0 && (
        <nav className={styles.sections} aria-label={t.sections}>
          <ul>
            {sections.map(({ id, title, path }) => (
              <li key={id}>
                <a href={path} aria-current={isHere(path)}>
                  <bdi>{title}</bdi>
                </a>
              </li>
            ))}
            <li className={styles.acts}>
              <a href={`/${locale}/decrees`} aria-current={isHere(`/${locale}/decrees`)}>
                {t.officialActs}
              </a>
            </li>
          </ul>
        </nav>
      )}
    </header>
  );
}

/** The octagon of a carpet, quartered. */
function Emblem() {
  return (
    <svg className={styles.emblem} viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <path d="M15 3h18l12 12v18L33 45H15L3 33V15z" fill="none" stroke="currentColor" strokeWidth="2.5" />
      <path d="M24 9v30M9 24h30" stroke="currentColor" strokeWidth="1.5" />
      <path d="M24 15l9 9-9 9-9-9z" fill="currentColor" />
      <path
        d="M17 9l3 4h-6zM31 9l3 4h-6zM17 39l3-4h-6zM31 39l3-4h-6zM9 17l4 3v-6zM9 31l4 3v-6zM39 17l-4 3v-6zM39 31l-4 3v-6z"
        fill="currentColor"
      />
    </svg>
  );
}

/** The languages of the site: to the same page where it is there in one, otherwise to that language's front page. */
function LanguageSwitch({ alternates }: { alternates: Alternate[] }) {
  const { t, locale } = useLanguage();
  const { locales, dirOf } = useSite();
  return (
    <nav className={styles.languages} aria-label={t.language}>
      <ul>
        {locales.map(({ tag, name }) => {
          const same = alternates.find((alternate) => alternate.locale === tag);
          const here = tag === locale;
          return (
            <li key={tag} lang={tag} dir={dirOf(tag)}>
              {here ? (
                <span aria-current="true">{name}</span>
              ) : (
                <a
                  href={same?.path ?? `/${tag}`}
                  hrefLang={tag}
                  {...(same ? {} : { title: fill(t.frontPageIn, { language: name }), lang: locale })}
                >
                  <span lang={tag}>{name}</span>
                </a>
              )}
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

/** That what is shown may not be the newest, for as long as it is so. */
function Notices({ view, onRetry }: { view: View; onRetry: () => void }) {
  const { t } = useLanguage();
  const online = useOnline();
  const outdated = view.content !== undefined && view.error !== undefined;
  const note = !online ? t.offline : outdated ? t.outdated : undefined;
  return (
    <div role="status">
      {note && (
        <p className={styles.notice}>
          {note}
          {outdated && (
            <button type="button" onClick={onRetry}>
              {t.retry}
            </button>
          )}
        </p>
      )}
      {view.page.variables.preview !== undefined && <p className={styles.notice}>{t.preview}</p>}
    </div>
  );
}

function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const update = () => setOnline(navigator.onLine);
    addEventListener('online', update);
    addEventListener('offline', update);
    return () => {
      removeEventListener('online', update);
      removeEventListener('offline', update);
    };
  }, []);
  return online;
}

/** What is quick needs no word; what takes its time is said, and what takes long is owned up to. */
function Progress({ pending }: { pending: boolean }) {
  const { t } = useLanguage();
  const [patience, setPatience] = useState<'quick' | 'waiting' | 'slow'>('quick');
  useEffect(() => {
    if (!pending) return;
    const timers = [setTimeout(() => setPatience('waiting'), 250), setTimeout(() => setPatience('slow'), 4000)];
    return () => {
      timers.forEach(clearTimeout);
      setPatience('quick');
    };
  }, [pending]);
  return (
    <div className={styles.progress} data-patience={patience}>
      <p role="status">{patience === 'slow' ? t.slow : patience === 'waiting' ? t.loading : ''}</p>
    </div>
  );
}

function Footer() {
  const { t, locale } = useLanguage();
  const { name, description, profiles } = useSite();
  if (!name) return null;
  return (
    <footer className={styles.footer}>
      <div>
        <p className={styles.footerName}>
          <bdi>{name}</bdi>
        </p>
        {description && (
          <p>
            <bdi>{description}</bdi>
          </p>
        )}
      </div>
      <ul>
        <li>
          <a href={`/${locale}/decrees`}>{t.footer.register}</a>
        </li>
        <li>
          <a href={`/${locale}/feeds`}>{t.footer.feeds}</a>
        </li>
        <li>
          <a href="#content">{t.footer.top}</a>
        </li>
        {profiles.map((profile) => (
          <li key={profile}>
            <a href={profile} rel="me">
              {new URL(profile).host}
            </a>
          </li>
        ))}
      </ul>
    </footer>
  );
}
