import { useLanguage } from '../language';
import styles from './Follow.module.css';

/** How feeds can be read: the end of their address, and what it is called. */
const formats = [
  ['rss', 'RSS'],
  ['atom', 'Atom'],
  ['json', 'JSON Feed'],
] as const;

/** Where a list can be followed: its feed in each format. `path` is that of the list. */
export function Follow({ path }: { path: string }) {
  const { t } = useLanguage();
  return (
    <p className={styles.follow}>
      <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        <circle cx="3" cy="13" r="2" fill="currentColor" />
        <path d="M1 6.5A8.5 8.5 0 0 1 9.5 15M1 1.5A13.5 13.5 0 0 1 14.5 15" fill="none" stroke="currentColor" strokeWidth="2" />
      </svg>
      {t.follow}
      {formats.map(([end, name]) => (
        <a key={end} href={`${path}.${end}`}>
          {name}
        </a>
      ))}
    </p>
  );
}
