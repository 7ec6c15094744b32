// What the app says in English on a page in a language that it does not speak is marked where it is written, and shown as what it is by
// jsx-runtime.ts: so no place that says something can forget to.

/** Around a text that stands in, on a page that is written from the left to the right; on one that is written the other way. */
const LTR = ['\uFDD0', '\uFDD1'] as const;
const RTL = ['\uFDD2', '\uFDD3'] as const;

/** A text that stands in for one in the language of a page. */
export function marked(text: string, dir: 'ltr' | 'rtl'): string {
  const [start, end] = dir === 'rtl' ? RTL : LTR;
  return `${start}${text}${end}`;
}

const MARK = /[\uFDD0-\uFDD3]/;

export const isMarked = (text: string) => MARK.test(text);

/** The text alone, for what is read elsewhere than on the page. */
export const unmarked = (text: string) => text.replace(/[\uFDD0-\uFDD3]/g, '');

/**
 * The text for an attribute, which has no language of its own. On a page that is written from the right to the left it reads from the
 * left to the right all the same (Unicode's isolates, UAX #9): else the full stop of a sentence stands before it.
 */
export const inAttribute = (text: string) =>
  text.replace(/[\uFDD0\uFDD1]/g, '').replaceAll('\uFDD2', '\u2066').replaceAll('\uFDD3', '\u2069');

export interface Part {
  text: string;
  /** What an element says of a text that stands in; nothing for any other. */
  standsIn: { lang: 'en'; dir?: 'ltr' } | null;
}

/** What stands in and what does not in a text, in its order. */
export function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let depth = 0;
  let standsIn: Part['standsIn'] = null;
  for (const piece of text.split(/([\uFDD0-\uFDD3])/)) {
    if (piece === LTR[0] || piece === RTL[0]) {
      depth += 1;
      standsIn = piece === RTL[0] ? { lang: 'en', dir: 'ltr' } : { lang: 'en' };
    } else if (piece === LTR[1] || piece === RTL[1]) {
      depth = Math.max(0, depth - 1);
      if (depth === 0) standsIn = null;
    } else if (piece) {
      const last = parts.at(-1);
      // What is marked within what is marked is one text with it.
      if (last && (last.standsIn === null) === (standsIn === null)) last.text += piece;
      else parts.push({ text: piece, standsIn });
    }
  }
  // So are two with a space between them: apart they would stand in the order of the page and not in their own.
  for (let at = parts.length - 2; at > 0; at -= 1) {
    const [before, between, behind] = parts.slice(at - 1, at + 2) as [Part, Part, Part];
    if (before.standsIn && !between.standsIn && behind.standsIn && !between.text.trim()) {
      parts.splice(at - 1, 3, { text: before.text + between.text + behind.text, standsIn: before.standsIn });
    }
  }
  return parts;
}
