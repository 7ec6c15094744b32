import type { ReactNode } from 'react';
import { useLanguage } from '../language';
import { Follow } from './Follow';
import styles from './ListHeader.module.css';

/** The title of a page that is a list, what is in it, and how much. */
export function ListHeader({
  above,
  title,
  description,
  path,
  startsFurtherDown = false,
  isFollowed = false,
  children,
}: {
  above?: string;
  title: string;
  description?: string | null;
  path: string;
  startsFurtherDown?: boolean;
  /** Whether there is a feed of it. */
  isFollowed?: boolean;
  children?: ReactNode;
}) {
  const { t } = useLanguage();
  return (
    <header className={styles.header}>
      {above && <p className={styles.above}>{above}</p>}
      <h1>
        <bdi>{title}</bdi>
      </h1>
      {description && (
        <p className={styles.description}>
          <bdi>{description}</bdi>
        </p>
      )}
      {children && <p className={styles.total}>{children}</p>}
      {startsFurtherDown && (
        <p className={styles.total}>
          <a href={path}>{t.fromTheBeginning}</a>
        </p>
      )}
      {isFollowed && <Follow path={path} />}
    </header>
  );
}
