import { useGraphiQL, useGraphiQLActions, type GraphiQLPlugin } from '@graphiql/react';
import { EXAMPLES, type Example } from './examples';

function ExamplesIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" aria-hidden="true">
      <path d="M5 3h11l3 3v15H5z" />
      <path d="M8.5 9h7M8.5 13h7M8.5 17h4" strokeLinecap="round" />
    </svg>
  );
}

function ExamplesPane() {
  const { addTab, changeTab } = useGraphiQLActions();
  const { tabs, activeTabIndex, queryEditor, variableEditor } = useGraphiQL(
    ({ tabs, activeTabIndex, queryEditor, variableEditor }) => ({
      tabs,
      activeTabIndex,
      queryEditor,
      variableEditor,
    }),
  );

  // Go to the tab that still holds the example unchanged, else open it in a new tab.
  function open(example: Example) {
    const index = tabs.findIndex(
      (tab) => tab.query === example.query && (tab.variables ?? '') === (example.variables ?? ''),
    );
    if (index === -1) {
      addTab();
      queryEditor?.setValue(example.query);
      variableEditor?.setValue(example.variables ?? '');
    } else if (index !== activeTabIndex) {
      changeTab(index);
    }
  }

  return (
    <section aria-label="Examples" className="courant-examples">
      <h2>Examples</h2>
      <ul>
        {EXAMPLES.map((example) => (
          <li key={example.name}>
            <button type="button" onClick={() => open(example)}>
              <strong>{example.name}</strong>
              {example.description && <span>{example.description}</span>}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

export const EXAMPLES_PLUGIN: GraphiQLPlugin = {
  title: 'Examples',
  icon: ExamplesIcon,
  content: ExamplesPane,
};
