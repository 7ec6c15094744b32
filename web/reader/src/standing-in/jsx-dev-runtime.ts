// The same as jsx-runtime.ts for development.
import * as react from 'react/jsx-dev-runtime';
import { standingIn } from './jsx-runtime';

export { Fragment, type JSX } from 'react/jsx-dev-runtime';

export const jsxDEV: typeof react.jsxDEV = (type, props, ...rest) =>
  react.jsxDEV(type, standingIn(type, props as Record<string, unknown>), ...rest);
