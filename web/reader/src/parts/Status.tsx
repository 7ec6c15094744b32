import type { LegalStatus } from '../gql/graphql';
import { useLanguage } from '../language';
import styles from './Status.module.css';

/** Whether an act is in force, in words; the mark beside them says it by its shape, too. */
export function Status({ is }: { is: LegalStatus }) {
  const { t } = useLanguage();
  return (
    <span className={styles.status} data-status={is}>
      {t.statuses[is]}
    </span>
  );
}
