import { graphql, readFragment, type FragmentType } from '../gql';
import { useSite } from '../app/site';
import { useLanguage } from '../language';
import { useLang } from './Foreign';
import styles from './Breadcrumbs.module.css';

export const CrumbFragment = graphql(`
  fragment Crumb on Crumb {
    title
    path
  }
`);

/** The way from the front page to here, by the address `here`; the page's own title ends it. */
export function Breadcrumbs({
  way,
  here,
  title,
  of,
}: {
  way: readonly FragmentType<typeof CrumbFragment>[];
  here: string;
  title: string;
  /** The language of that title, where it is one text's. */
  of?: string;
}) {
  const { t, locale } = useLanguage();
  const { dirOf } = useSite();
  const lang = useLang();
  const crumbs = readFragment(CrumbFragment, way).filter(({ path }) => path !== here);
  return (
    <nav className={styles.breadcrumbs} aria-label={t.breadcrumbs}>
      <ol>
        {crumbs.map(({ title, path }) => (
          <li key={path}>
            <a href={path}>{path === `/${locale}` ? t.home : <bdi>{title}</bdi>}</a>
          </li>
        ))}
        <li aria-current="page" {...(of ? lang(of) : {})}>
          {/* By itself it would go by its first letter, whatever language it is in. */}
          <bdi dir={of && dirOf(of)}>{title}</bdi>
        </li>
      </ol>
    </nav>
  );
}
