import { graphql, readFragment, type FragmentType } from '../gql';
import { useLanguage } from '../language';
import styles from './Tags.module.css';

export const TagsFragment = graphql(`
  fragment Tags on Publication {
    tags {
      id
      name
      path
    }
  }
`);

export function Tags({ of }: { of: FragmentType<typeof TagsFragment> }) {
  const { tags } = readFragment(TagsFragment, of);
  const { t } = useLanguage();
  if (tags.length === 0) return null;
  return (
    <nav className={styles.tags} aria-label={t.tags}>
      <ul>
        {tags.map(({ id, name, path }) => (
          <li key={id}>
            <a href={path} rel="tag">
              <bdi>{name}</bdi>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
