// The field to search by, in the head of every page: a form like any other, which says while somebody types how it may go on
// (WAI-ARIA Authoring Practices: "Editable Combobox With List Autocomplete").
import { useEffect, useId, useRef, useState, type FormEvent, type KeyboardEvent, type RefObject } from 'react';
import { useClient } from 'urql';
import { request } from '../client';
import { useLanguage } from '../language';
import { navigate } from '../navigation';
import { SuggestQuery } from '../operations';
import styles from './SearchBox.module.css';

/** So long nobody has typed before it is asked how it may go on. */
const pause = 120;

export function SearchBox({ sought }: { sought: string }) {
  const { t, locale, count } = useLanguage();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(sought);
  const { words, isOpen, active, setOpen, setActive, change, forget } = useSuggestions(typed, sought, field);
  const list = useId();
  const action = `/${locale}/search`;
  const chosen = isOpen ? words[active] : undefined;

  const search = (text: string) => {
    const query = text.trim();
    setTyped(query);
    forget(query);
    navigate(query === '' ? action : `${action}?${new URLSearchParams({ q: query })}`);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    search(chosen ?? typed);
  };
  const move = (to: number) => {
    if (words.length === 0) return;
    setOpen(true);
    setActive((to + words.length) % words.length);
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const { key, altKey } = event;
    if (key === 'ArrowDown') {
      if (altKey) setOpen(words.length > 0);
      else move(isOpen ? active + 1 : 0);
    } else if (key === 'ArrowUp') {
      if (altKey) setOpen(false);
      else move(isOpen && active >= 0 ? active - 1 : words.length - 1);
    } else if (key === 'Escape') {
      if (isOpen) setOpen(false);
      else setTyped('');
    } else {
      // The caret is moved, or something typed: that is about the text again.
      if (['ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(key)) setActive(-1);
      return;
    }
    event.preventDefault();
  };

  return (
    <form className={styles.search} action={action} method="get" role="search" onSubmit={submit}>
      <div className={styles.box}>
        <input
          ref={field}
          type="text"
          name="q"
          value={typed}
          placeholder={t.searchField}
          aria-label={t.searchField}
          autoComplete="off"
          enterKeyHint="search"
          maxLength={1000}
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={isOpen}
          aria-controls={list}
          {...(chosen !== undefined && { 'aria-activedescendant': `${list}-${active}` })}
          onChange={(event) => {
            setTyped(event.target.value);
            change(event.target.value);
          }}
          onKeyDown={press}
          onBlur={() => setOpen(false)}
        />
        <button type="submit">{t.searchButton}</button>
        {isOpen && (
          <ul id={list} className={styles.list} role="listbox" aria-label={t.suggestions}>
            {words.map((word, at) => (
              <li
                key={word}
                id={`${list}-${at}`}
                role="option"
                aria-selected={at === active}
                // The focus stays in the field.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => search(word)}
              >
                {word}
              </li>
            ))}
          </ul>
        )}
      </div>
      <p className="unseen" role="status">
        {isOpen ? count(t.suggestionsFound, words.length) : ''}
      </p>
    </form>
  );
}

/** How what is typed may go on; what it was before that is known stays meanwhile. Nothing of what was only searched for. */
function useSuggestions(typed: string, sought: string, field: RefObject<HTMLInputElement | null>) {
  const client = useClient();
  const { locale } = useLanguage();
  const [{ words, of }, setFound] = useState<{ words: readonly string[]; of: string }>({ words: [], of: sought });
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  useEffect(() => {
    if (typed === of) return;
    let isGone = false;
    const timer = setTimeout(async () => {
      const asked = request(SuggestQuery, { locale, query: typed });
      const answer =
        typed.trim() === '' ? undefined : await client.executeQuery(asked, { requestPolicy: 'network-only' }).toPromise();
      // Meanwhile more was typed, or the search begun. That nothing comes is nothing to be told of.
      if (isGone) return;
      const words = (answer?.data?.suggest ?? []).filter((word) => word !== typed);
      setFound({ words, of: typed });
      setActive(-1);
      setOpen(words.length > 0 && document.activeElement === field.current);
    }, pause);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [client, locale, typed, of, field]);
  const change = (to: string) => {
    setActive(-1);
    // What is known is not asked again.
    if (to === of) setOpen(true);
  };
  const forget = (query: string) => {
    setFound({ words: [], of: query });
    setOpen(false);
  };
  return { words, isOpen: isOpen && words.length > 0 && typed.trim() !== '', active, setOpen, setActive, change, forget };
}
