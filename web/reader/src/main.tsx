import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider } from 'urql';
import { App } from './app/App';
import { makeClient } from './client';
import { followLinks } from './navigation';
import { pageAt, pages } from './pages';
import { settled } from './usePage';
import './styles/fonts.css';
import './styles/base.css';

const client = makeClient(Object.values(pages).map(({ operation }) => operation));
followLinks();

const root = document.querySelector('body > #root');
if (!root) throw new Error('index.html has no #root');
// What the server has drawn stays until there is something to draw over it: a page that could not be had is asked for once more.
if (root.childElementCount > 0) await settled(client, pageAt(location.pathname, location.search));
createRoot(root).render(
  <StrictMode>
    <Provider value={client}>
      <App />
    </Provider>
  </StrictMode>,
);
