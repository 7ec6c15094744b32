import { useState, type FormEvent } from 'react';
import { useQuery } from 'urql';
import { Head } from '../app/Head';
import type { Alternate } from '../app/alternates';
import { useSite } from '../app/site';
import { request } from '../client';
import { graphql, readFragment, type FragmentType } from '../gql';
import { DocumentType, DecreeOrder, LegalStatus } from '../gql/graphql';
import { fill, useLanguage } from '../language';
import { navigate } from '../navigation';
import { MoreDecreesQuery } from '../operations';
import { orders, type VariablesOf } from '../pages';
import { Awaiting, Continuation, useFocusOnFirst } from '../parts/Continuation';
import { DecreeLine } from '../parts/DecreeLine';
import { ListHeader } from '../parts/ListHeader';
import { Total } from '../parts/Total';
import styles from './RegisterPage.module.css';

export const RegisterFragment = graphql(`
  fragment Register on Query {
    decrees(
      locale: $locale
      first: 20
      after: $after
      orderBy: $order
      filter: {
        documentTypes: $documentTypes
        status: $status
        statusAsOf: $on
        number: $number
        categories: $categories
        signedOn: { from: $signedFrom, before: $signedBefore }
      }
    ) {
      totalCount
      totalCountIsEstimate
      nodes {
        id
        statusThen: status(asOf: $on)
        ...DecreeLine
      }
      pageInfo {
        ...PageEnd
      }
    }
  }
`);

export const RegisterPageFragment = graphql(`
  fragment RegisterPage on Query {
    ...Register
  }
`);

type Filter = VariablesOf<'register'>;

/** As the operation has it. */
const defaultOrder = DecreeOrder.SignedOnDesc;

export function RegisterPage({
  of,
  path,
  filter,
  alternates,
}: {
  of: FragmentType<typeof RegisterPageFragment>;
  path: string;
  /** What the address asks for. */
  filter: Filter;
  alternates: Alternate[];
}) {
  const page = readFragment(RegisterPageFragment, of);
  const { decrees } = readFragment(RegisterFragment, page);
  const { t, day } = useLanguage();
  return (
    <>
      <Head
        title={filter.after ? fill(t.continued, { title: t.registerTitle }) : t.registerTitle}
        description={t.registerAbout}
        canonical={path}
        alternates={alternates}
        noindex={!!filter.after}
      />
      <ListHeader
        title={t.registerTitle}
        description={t.registerAbout}
        path={path}
        startsFurtherDown={filter.after !== undefined}
      />
      <div className={styles.grid}>
        <Filters key={JSON.stringify(filter)} path={path} filter={filter} />
        <div>
          <p className={styles.total} role="status">
            {decrees && <Total of={decrees.totalCount} atLeast={decrees.totalCountIsEstimate} text={t.actsFound} />}
            {filter.on && ` · ${t.status}: ${fill(t.statusOn, { date: day(filter.on) })}`}
          </p>
          <Acts key={JSON.stringify(filter)} of={page} filter={filter} depth={1} />
        </div>
      </div>
    </>
  );
}

function Acts({
  of,
  filter,
  depth,
  takesFocus = false,
}: {
  of: FragmentType<typeof RegisterFragment>;
  filter: Filter;
  depth: number;
  takesFocus?: boolean;
}) {
  const { decrees } = readFragment(RegisterFragment, of);
  const { t } = useLanguage();
  const items = useFocusOnFirst<HTMLDivElement>(takesFocus);
  if (!decrees || (decrees.nodes.length === 0 && depth === 1)) return <p>{t.nothingHere}</p>;
  return (
    <>
      <div ref={items}>
        {decrees.nodes.map((decree) => (
          <DecreeLine key={decree.id} of={decree} status={decree.statusThen} heading="h2" />
        ))}
      </div>
      <Continuation end={decrees.pageInfo} depth={depth}>
        {(after, depth, takesFocus) => <FurtherActs filter={{ ...filter, after }} {...{ depth, takesFocus }} />}
      </Continuation>
    </>
  );
}

function FurtherActs({ filter, depth, takesFocus }: { filter: Filter; depth: number; takesFocus: boolean }) {
  const { query, variables } = request(MoreDecreesQuery, filter);
  const [{ data, error }, ask] = useQuery({ query, variables });
  if (!data) return <Awaiting failed={error !== undefined} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  return <Acts of={data} filter={filter} depth={depth + 1} takesFocus={takesFocus} />;
}

/** A form like any other: what it sends is the address of the filtered register. */
function Filters({ path, filter }: { path: string; filter: Filter }) {
  const { t } = useLanguage();
  const { sections } = useSite();
  // On a phone the acts come first.
  const [wide] = useState(() => matchMedia('(min-width: 56rem)').matches);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(event.currentTarget)) {
      if (typeof value === 'string' && value !== '' && value !== defaultOrder) query.append(name, value);
    }
    navigate(query.size > 0 ? `${path}?${query}` : path);
  };
  const isOneOf = (value: string, chosen: string | readonly string[] | null | undefined) =>
    chosen === value || (Array.isArray(chosen) && chosen.includes(value));
  const slugs = (path: string) => path.split('/').slice(3).join('/');
  return (
    <details className={styles.filters} open={wide}>
      <summary>{t.filters}</summary>
      <form action={path} method="get" onSubmit={submit}>
        <fieldset>
          <legend>{t.kind}</legend>
          {Object.values(DocumentType).map((kind) => (
            <label key={kind}>
              <input type="checkbox" name="kind" value={kind} defaultChecked={isOneOf(kind, filter.documentTypes)} />
              {t.documentTypes[kind]}
            </label>
          ))}
        </fieldset>
        <fieldset>
          <legend>{t.status}</legend>
          {Object.values(LegalStatus).map((status) => (
            <label key={status}>
              <input type="checkbox" name="status" value={status} defaultChecked={isOneOf(status, filter.status)} />
              {t.statuses[status]}
            </label>
          ))}
        </fieldset>
        <label className={styles.field}>
          {t.onDay}
          <input type="date" name="on" defaultValue={filter.on ?? ''} />
        </label>
        <label className={styles.field}>
          {t.signedFrom}
          <input type="date" name="from" defaultValue={filter.signedFrom ?? ''} />
        </label>
        <label className={styles.field}>
          {t.signedBefore}
          <input type="date" name="before" defaultValue={filter.signedBefore ?? ''} />
        </label>
        <label className={styles.field}>
          {fill(t.number, { number: '' }).trim()}
          <input type="text" name="number" defaultValue={filter.number ?? ''} autoComplete="off" />
        </label>
        <label className={styles.field}>
          {t.category}
          <select name="category" defaultValue={[filter.categories ?? ''].flat()[0] ?? ''}>
            <option value="">{t.allCategories}</option>
            {sections.map(({ id, title, path, children }) => (
              <optgroup key={id} label={title}>
                <option value={slugs(path)}>{title}</option>
                {children.map(({ id, title, path }) => (
                  <option key={id} value={slugs(path)}>
                    {title}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
        </label>
        <label className={styles.field}>
          {t.order}
          <select name="order" defaultValue={filter.order ?? defaultOrder}>
            {orders.map((order) => (
              <option key={order} value={order}>
                {t.orders[order]}
              </option>
            ))}
          </select>
        </label>
        <p className={styles.buttons}>
          <button type="submit" className="button">
            {t.show}
          </button>
          <a href={path}>{t.reset}</a>
        </p>
      </form>
    </details>
  );
}
