import { graphql, readFragment, type FragmentType } from '../gql';
import type { LegalStatus } from '../gql/graphql';
import { fill, useLanguage } from '../language';
import { Day } from './Day';
import { Foreign, useLang } from './Foreign';
import { Status } from './Status';
import styles from './DecreeLine.module.css';

export const DecreeLineFragment = graphql(`
  fragment DecreeLine on Decree {
    id
    locale
    path
    title
    number
    documentType
    signedOn
    status
  }
`);

/**
 * An act in a list: its number in the margin, its title, when it was signed, and its status, today's if no other is
 * given.
 */
export function DecreeLine({
  of,
  status,
  heading: Heading = 'h3',
}: {
  of: FragmentType<typeof DecreeLineFragment>;
  status?: LegalStatus;
  heading?: 'h2' | 'h3';
}) {
  const decree = readFragment(DecreeLineFragment, of);
  const { t } = useLanguage();
  const lang = useLang();
  return (
    <article className={styles.line}>
      <p className={styles.number}>{fill(t.number, { number: decree.number })}</p>
      <div className={styles.text}>
        <Heading {...lang(decree.locale)}>
          <a href={decree.path}>{decree.title}</a>
        </Heading>
        <p className={styles.facts}>
          <span>{t.documentTypes[decree.documentType]}</span>
          <span>
            {t.signedOn} <Day of={decree.signedOn} />
          </span>
          <Foreign locale={decree.locale} />
        </p>
      </div>
      <Status is={status ?? decree.status} />
    </article>
  );
}
