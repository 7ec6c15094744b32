import { fill, useLanguage } from '../language';
import type { Counted } from '../strings/strings';

/** How many a list has; above the number that is counted, that it has more. */
export function Total({ of, atLeast, text }: { of: number; atLeast: boolean; text: Counted }) {
  const { t, count, number } = useLanguage();
  const said = count(text, of);
  return <>{atLeast ? said.replace(number(of), fill(t.atLeast, { n: number(of) })) : said}</>;
}
