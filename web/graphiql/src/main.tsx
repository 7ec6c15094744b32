import './workers';
import 'graphiql/style.css';
import './page.css';
import { HISTORY_PLUGIN } from '@graphiql/plugin-history';
import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { Amendments } from './Amendments';
import { CURL_PLUGIN } from './CopyAsCurl';
import { READING } from './examples';
import { EXAMPLES_PLUGIN } from './ExamplesPlugin';
import { learningFrom } from './placeholders';
import { fetchAsViewer } from './session';
import { SIGN_IN_PLUGIN, SignInNotice } from './SignInPlugin';
import { storage } from './storage';
import { isSubscription, subscribe } from './subscribe';

// Everything is on the server's own origin, wherever that is.
const ask = createGraphiQLFetcher({ url: '/graphql', fetch: learningFrom(fetchAsViewer) });
const fetcher: Fetcher = (params, options) =>
  isSubscription(params) ? subscribe(params, options) : ask(params, options);

const plugins = [HISTORY_PLUGIN, EXAMPLES_PLUGIN, CURL_PLUGIN, SIGN_IN_PLUGIN];

createRoot(document.getElementById('root')!).render(
  <GraphiQL
    fetcher={fetcher}
    storage={storage}
    plugins={plugins}
    defaultTabs={READING.map(({ query, variables }) => ({ query, variables }))}
    defaultEditorToolsVisibility="variables"
    isHeadersEditorEnabled
    shouldPersistHeaders={false}
  >
    <GraphiQL.Logo>
      <span className="courant-logo">Courant</span>
    </GraphiQL.Logo>
    <Amendments />
    <SignInNotice />
  </GraphiQL>,
);
