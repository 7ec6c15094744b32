import { graphql, readFragment, type FragmentType } from '../gql';
import { fill, useLanguage } from '../language';
import styles from './Withdrawn.module.css';

export const WithdrawnFragment = graphql(`
  fragment Withdrawn on Publication {
    withdrawal {
      at
      html
    }
  }
`);

/** That it was taken back, before a word of it is read. */
export function Withdrawn({ of }: { of: FragmentType<typeof WithdrawnFragment> }) {
  const { withdrawal } = readFragment(WithdrawnFragment, of);
  const { t, day } = useLanguage();
  if (!withdrawal) return null;
  return (
    <section className={styles.withdrawn} aria-labelledby="withdrawn">
      <h2 id="withdrawn">{fill(t.withdrawnOn, { date: day(withdrawal.at) })}</h2>
      <div dangerouslySetInnerHTML={{ __html: withdrawal.html }} />
    </section>
  );
}
