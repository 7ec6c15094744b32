import { useState } from 'react';
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

/** The picture on top, in the space it will take. One that does not come leaves no hole. */
export function LeadImage({ of }: { of: FragmentType<typeof LeadImageFragment> }) {
  const { url, alt, caption, width, height } = readFragment(LeadImageFragment, of);
  const [missing, setMissing] = useState(false);
  if (missing) return null;
  return (
    <figure className={styles.figure}>
      <img
        src={url}
        alt={alt ?? ''}
        {...(width && height ? { width, height } : {})}
        decoding="async"
        referrerPolicy="no-referrer"
        onError={() => setMissing(true)}
      />
      {caption && <figcaption>{caption}</figcaption>}
    </figure>
  );
}
