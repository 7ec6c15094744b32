// Tells the server that somebody looks at a publication: once for each time that it is come to. Who it is, is not sent.
import { useEffect } from 'react';
import type { Place } from './navigation';
import { publicationOf } from './publication';
import type { View } from './usePage';

/** A page that the browser makes ready before anybody wants to see it (Speculation Rules). */
type Prerendered = Document & { prerendering?: boolean };

/** The place whose publication was told of last. */
let told: Place | undefined;

export function useRead(view: View): void {
  const { place } = view;
  const id = publicationOf(view)?.id;
  useEffect(() => {
    if (id === undefined || told === place) return;
    const tell = () => {
      if (document.hidden || (document as Prerendered).prerendering) return;
      stop();
      if (told === place) return;
      told = place;
      // It goes out even if the reader leaves at once. One that does not arrive is not counted, and that is all.
      navigator.sendBeacon('/reads', id);
    };
    const stop = () => {
      document.removeEventListener('visibilitychange', tell);
      document.removeEventListener('prerenderingchange', tell);
    };
    document.addEventListener('visibilitychange', tell);
    document.addEventListener('prerenderingchange', tell);
    tell();
    return stop;
  }, [id, place]);
}
