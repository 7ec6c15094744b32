import './workers';
import 'graphiql/style.css';
import './page.css';
import { HISTORY_PLUGIN } from '@graphiql/plugin-history';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { Amendments } from './Amendments';
import { EXAMPLES } from './examples';
import { EXAMPLES_PLUGIN } from './ExamplesPlugin';
import { shouldPersistHeaders, storage } from './storage';

// Everything is on the server's own origin, wherever that is.
const fetcher = createGraphiQLFetcher({ url: '/graphql' });

const plugins = [HISTORY_PLUGIN, EXAMPLES_PLUGIN];

createRoot(document.getElementById('root')!).render(
  <GraphiQL
    fetcher={fetcher}
    storage={storage}
    plugins={plugins}
    defaultTabs={EXAMPLES.map(({ query, variables }) => ({ query, variables }))}
    defaultEditorToolsVisibility="variables"
    isHeadersEditorEnabled
    // Off by default; the settings dialog stores the answer but GraphiQL does not read it back.
    shouldPersistHeaders={shouldPersistHeaders()}
    showPersistHeadersSettings
  >
    <GraphiQL.Logo>
      <span className="courant-logo">Courant</span>
    </GraphiQL.Logo>
    <Amendments />
  </GraphiQL>,
);
