// React's own runtime, but that texts which stand in for those of another language (marks.ts) say which language they are in, for screen
// readers and hyphenation.
import { createElement, type ReactNode } from 'react';
import * as react from 'react/jsx-runtime';
import { inAttribute, isMarked, partsOf } from './marks';

export { Fragment, type JSX } from 'react/jsx-runtime';

type Props = Record<string, unknown>;

const shown = (child: unknown): unknown => {
  if (typeof child !== 'string' || !isMarked(child)) return child;
  const parts = partsOf(child).map(({ text, standsIn }, at) => (standsIn ? createElement('bdi', { ...standsIn, key: at }, text) : text));
  return parts.length === 1 ? parts[0] : createElement(react.Fragment, null, ...(parts as ReactNode[]));
};

/** Children with the texts in one that stand beside each other, if any of them is marked; the places of the others stay. */
const joined = (children: unknown[]): unknown[] => {
  const all = [...children];
  for (let at = all.length - 1; at > 0; at -= 1) {
    const [before, text] = [all[at - 1], all[at]];
    if (typeof before === 'string' && typeof text === 'string' && (isMarked(before) || isMarked(text))) {
      all[at - 1] = before + text;
      all[at] = '';
    }
  }
  return all;
};

/** What an element is to have. Components hand on what they are given until it stands in one. */
export function standingIn(type: unknown, props: Props): Props {
  if (typeof type !== 'string') return props;
  const own: Props = {};
  for (const [name, value] of Object.entries(props)) {
    own[name] = name !== 'children' && typeof value === 'string' && isMarked(value) ? inAttribute(value) : value;
  }
  const { children } = props;
  if (typeof children === 'string' && isMarked(children) && type === 'option') {
    // An option has no elements in it.
    const parts = partsOf(children);
    return { ...own, ...parts.find(({ standsIn }) => standsIn)?.standsIn, children: parts.map(({ text }) => text).join('') };
  }
  if (Array.isArray(children)) own.children = joined(children).map(shown);
  else if ('children' in props) own.children = shown(children);
  return own;
}

export const jsx: typeof react.jsx = (type, props, key) => react.jsx(type, standingIn(type, props as Props), key);
export const jsxs: typeof react.jsxs = (type, props, key) => react.jsxs(type, standingIn(type, props as Props), key);
