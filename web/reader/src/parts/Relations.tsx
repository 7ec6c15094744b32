import { graphql, readFragment, type FragmentType } from '../gql';
import { fill, useLanguage } from '../language';
import { useLang } from './Foreign';
import styles from './Relations.module.css';

export const RelationsFragment = graphql(`
  fragment Relations on Decree {
    relations {
      kind
      on
      partial
      note
      decree {
        id
        locale
        path
        title
        number
        documentType
      }
    }
  }
`);

/** What the act does to others and they to it, as sentences. */
export function Relations({ of }: { of: FragmentType<typeof RelationsFragment> }) {
  const { relations } = readFragment(RelationsFragment, of);
  const { t, day } = useLanguage();
  const lang = useLang();
  if (relations.length === 0) return null;
  return (
    <section className={styles.relations} aria-labelledby="relations">
      <h2 id="relations">{t.relations}</h2>
      <ul>
        {relations.map(({ kind, on, partial, note, decree }, index) => {
          const more = [on && fill(t.fromDay, { date: day(on) }), partial && t.inPart, note].filter(Boolean);
          return (
            <li key={`${decree.id} ${kind} ${index}`}>
              <span className={styles.kind}>{t.relationKinds[kind]}</span>
              <span>
                <a href={decree.path} {...lang(decree.locale)}>
                  {t.documentTypes[decree.documentType]} {fill(t.number, { number: decree.number })}, {decree.title}
                </a>
                {more.length > 0 && <small>{more.join(', ')}</small>}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
