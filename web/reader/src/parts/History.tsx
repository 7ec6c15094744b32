import { graphql, readFragment, type FragmentType } from '../gql';
import { useLanguage } from '../language';
import { Day } from './Day';
import styles from './History.module.css';

export const HistoryFragment = graphql(`
  fragment History on Publication {
    changeNotes {
      at
      note
    }
  }
`);

/** What was changed since it was published, said openly. */
export function History({ of }: { of: FragmentType<typeof HistoryFragment> }) {
  const { changeNotes } = readFragment(HistoryFragment, of);
  const { t } = useLanguage();
  if (changeNotes.length === 0) return null;
  return (
    <section className={styles.history} aria-labelledby="changes">
      <h2 id="changes">{t.changes}</h2>
      <ul>
        {changeNotes.map(({ at, note }) => (
          <li key={`${at} ${note}`}>
            <Day of={at} />
            <span>{note}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
