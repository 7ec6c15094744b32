import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider } from 'urql';
import { App } from './app/App';
import { makeClient } from './client';
import { followLinks } from './navigation';
import { pages } from './pages';
import './styles/fonts.css';
import './styles/base.css';

const client = makeClient(Object.values(pages).map(({ operation }) => operation));
followLinks();

const root = document.querySelector('body > #root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <Provider value={client}>
      <App />
    </Provider>
  </StrictMode>,
);
