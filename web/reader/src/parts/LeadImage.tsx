import { graphql, readFragment, type FragmentType } from '../gql';
import styles from './LeadImage.module.css';

export const LeadImageFragment = graphql(`
  fragment LeadImage on LeadImage {
    url
    alt
    caption
    width
    height
  }
`);

/** The picture on top, in the space it will take. Where it does not come, that has the words for it, and nothing moves. */
export function LeadImage({ of }: { of: FragmentType<typeof LeadImageFragment> }) {
  const { url, alt, caption, width, height } = readFragment(LeadImageFragment, of);
  return (
    <figure className={styles.figure}>
      <img
        src={url}
        alt={alt ?? ''}
        {...(width && height ? { width, height } : {})}
        decoding="async"
        referrerPolicy="no-referrer"
      />
      {caption && <figcaption>{caption}</figcaption>}
    </figure>
  );
}
