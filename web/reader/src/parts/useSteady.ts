import { useLayoutEffect, useRef, type RefObject } from 'react';

/**
 * Keeps a list as high as it was when its items become others: those at its end that have no room any more are not shown, so that
 * nothing around it moves. In a window of another width it is as high as it wants to be.
 */
export function useSteady(list: RefObject<HTMLElement | null>, items: unknown) {
  const before = useRef<{ items: unknown; width: number; height: number }>(undefined);
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const free = () => {
      element.style.height = '';
      for (const item of element.children) (item as HTMLElement).style.display = '';
    };
    free();
    const { width, height } = element.getBoundingClientRect();
    const room = before.current;
    if (!room || room.width !== width) {
      before.current = { items, width, height };
      return;
    }
    if (room.items === items) return;
    element.style.height = `${room.height}px`;
    const end = element.getBoundingClientRect().bottom;
    const tooLow = [...element.children].filter((item) => item.getBoundingClientRect().bottom > end + 0.5);
    for (const item of tooLow) (item as HTMLElement).style.display = 'none';
    const resized = () => {
      if (element.getBoundingClientRect().width !== width) free();
    };
    addEventListener('resize', resized);
    return () => removeEventListener('resize', resized);
  }, [list, items]);
}
