import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect } from 'react';
import { fillIn, onKnown } from './placeholders';

// Two things GraphiQL 5.4 leaves undone, and one of our own. Renders nothing.
export function Amendments() {
  const { setTheme } = useGraphiQLActions();
  const { theme, tabs, activeTabIndex, queryEditor, variableEditor, storage } = useGraphiQL((state) => ({
    theme: state.theme,
    tabs: state.tabs,
    activeTabIndex: state.activeTabIndex,
    queryEditor: state.queryEditor,
    variableEditor: state.variableEditor,
    storage: state.storage,
  }));

  // A default tab comes up without its variables, and its text is stored only after an edit: edit
  // nothing but the variables, reload, and a tab without a query is there. So fill the variables
  // in and store both. Only when the editors appear; afterwards GraphiQL keeps them in step.
  useEffect(() => {
    if (!queryEditor || !variableEditor || storage.get('query') !== null) return;
    const { query, variables } = tabs[activeTabIndex]!;
    storage.set('query', query ?? '');
    storage.set('variables', variables ?? '');
    if (variables) variableEditor.setValue(variables);
  }, [queryEditor, variableEditor]);

  // With the theme "system" the page's styles follow a change of the system's colour scheme, the
  // editors do not.
  useEffect(() => {
    if (theme) return;
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const follow = () => setTheme(null);
    dark.addEventListener('change', follow);
    return () => dark.removeEventListener('change', follow);
  }, [theme, setTheme]);

  // Fill in what the examples' variables leave open, in the tab that is shown.
  useEffect(() => {
    if (!variableEditor) return;
    const fill = () => {
      const variables = variableEditor.getValue();
      const filled = fillIn(variables);
      if (filled !== variables) variableEditor.setValue(filled);
    };
    fill();
    return onKnown(fill);
  }, [variableEditor, activeTabIndex]);

  return null;
}
