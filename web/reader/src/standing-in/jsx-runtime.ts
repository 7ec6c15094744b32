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
  if (Array.isArray(children)) own.children = children.map(shown);
  else if ('children' in props) own.children = shown(children);
  return own;
}

export const jsx: typeof react.jsx = (type, props, key) => react.jsx(type, standingIn(type, props as Props), key);
export const jsxs: typeof react.jsxs = (type, props, key) => react.jsxs(type, standingIn(type, props as Props), key);
