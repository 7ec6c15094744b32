import { Button, useGraphiQL, type GraphiQLPlugin } from '@graphiql/react';
import { useState } from 'react';
import { asCurl } from './curl';
import { currentToken, useSession } from './session';

const TITLE = 'Copy as curl';

function CurlIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" aria-hidden="true">
      <rect x="2.75" y="4.75" width="18.5" height="14.5" rx="2" />
      <path d="M6.5 9l3.5 3-3.5 3M12 15.5h5.5" strokeLinejoin="round" />
    </svg>
  );
}

function CurlPane() {
  const { tabs, activeTabIndex, operationName } = useGraphiQL((state) => ({
    tabs: state.tabs,
    activeTabIndex: state.activeTabIndex,
    operationName: state.operationName,
  }));
  const signedIn = useSession().who !== null;
  const [withToken, setWithToken] = useState(false);
  const [copied, setCopied] = useState('');
  const { query = '', variables = '', headers = '' } = tabs[activeTabIndex] ?? {};
  // The token is read when it is asked for, and never stands in the page unasked.
  const token = signedIn && withToken ? currentToken() : null;
  const command = asCurl({
    address: `${location.origin}/graphql`,
    query: query ?? '',
    variables: variables ?? '',
    headers: headers ?? '',
    operationName: operationName ?? undefined,
    token: token ?? (signedIn ? '$TOKEN' : null),
    withCredentials: withToken,
  });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(command);
      setCopied('Copied.');
    } catch {
      setCopied('The browser does not let this page copy. Select the text instead.');
    }
  };
  return (
    <section aria-label={TITLE} className="courant-pane courant-curl">
      <h2>{TITLE}</h2>
      <p>The operation of this tab, with its variables and headers, for a shell.</p>
      <label className="courant-choice">
        <input type="checkbox" checked={withToken} onChange={(event) => setWithToken(event.target.checked)} />
        With the token and other credentials. Whoever sees the command can then act as you.
      </label>
      <Button type="button" className="courant-primary" onClick={() => void copy()}>
        Copy
      </Button>
      <p role="status" className="courant-hint">
        {copied}
      </p>
      <pre tabIndex={0} aria-label="The command">
        {command}
      </pre>
    </section>
  );
}

export const CURL_PLUGIN: GraphiQLPlugin = { title: TITLE, icon: CurlIcon, content: CurlPane };
