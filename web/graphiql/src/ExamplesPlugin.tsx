import { useGraphiQL, useGraphiQLActions, type GraphiQLPlugin } from '@graphiql/react';
import { useId } from 'react';
import { NEWSROOM, READING, type Example } from './examples';
import { fillIn } from './placeholders';

function ExamplesIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" aria-hidden="true">
      <path d="M5 3h11l3 3v15H5z" />
      <path d="M8.5 9h7M8.5 13h7M8.5 17h4" strokeLinecap="round" />
    </svg>
  );
}

function Group({ title, examples, open }: { title: string; examples: readonly Example[]; open: (it: Example) => void }) {
  const id = useId();
  return (
    <>
      <h3 id={id}>{title}</h3>
      <ul aria-labelledby={id}>
        {examples.map((example) => (
          <li key={example.names[0]}>
            <button type="button" onClick={() => open(example)}>
              <strong>{example.names.join(', ')}</strong>
              {example.description && <span>{example.description}</span>}
            </button>
          </li>
        ))}
      </ul>
    </>
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
    const variables = fillIn(example.variables ?? '');
    const index = tabs.findIndex(
      (tab) => tab.query === example.query && [variables, example.variables ?? ''].includes(tab.variables ?? ''),
    );
    if (index === -1) {
      addTab();
      queryEditor?.setValue(example.query);
      variableEditor?.setValue(variables);
    } else if (index !== activeTabIndex) {
      changeTab(index);
    }
  }

  return (
    <section aria-label="Examples" className="courant-pane courant-examples">
      <h2>Examples</h2>
      <Group title="For readers" examples={READING} open={open} />
      <Group title="For the newsroom, signed in" examples={NEWSROOM} open={open} />
    </section>
  );
}

export const EXAMPLES_PLUGIN: GraphiQLPlugin = {
  title: 'Examples',
  icon: ExamplesIcon,
  content: ExamplesPane,
};
