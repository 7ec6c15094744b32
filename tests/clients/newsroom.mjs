// What editors do, so that there is something to hear of.

/** Asks a server, as any program would. */
export async function ask(url, query, variables = {}, token = undefined) {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await answer.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** Where the log ends now: whoever goes on from here misses nothing that is done next, however late the server hears of them. */
export const head = async (url) => (await ask(url, '{ changes(first: 1) { head } }')).changes.head;

export class Newsroom {
  static #articles = 0;

  /** An administrator's. */
  static async enter(url, { email, password }) {
    const { signIn } = await ask(
      url,
      'mutation ($input: SignInInput!) { signIn(input: $input) { accessToken userErrors { message } } }',
      { input: { email, password } },
    );
    if (!signIn.accessToken) throw new Error(`cannot sign in: ${JSON.stringify(signIn.userErrors)}`);
    const { category } = await ask(url, '{ category(by: { path: "sport" }, locale: "en") { id } }');
    return new Newsroom(url, signIn.accessToken, category.id);
  }

  constructor(url, token, category) {
    Object.assign(this, { url, token, category });
  }

  async change(mutation, type, input, wanted = '') {
    const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${wanted} userErrors { code field message } } }`;
    const answer = (await ask(this.url, query, { input }, this.token))[mutation];
    if (answer.userErrors.length > 0) throw new Error(`${mutation}: ${JSON.stringify(answer.userErrors)}`);
    return answer;
  }

  /** A mutation, for a client to send itself: it writes an article that is not published. */
  draft() {
    const content = { title: 'A draft', slug: Newsroom.#slug(), body: { source: 'Words.' } };
    return {
      query: `mutation Draft($input: CreateArticleInput!) {
        createArticle(input: $input) { version { state } userErrors { code } }
      }`,
      variables: { input: { categoryId: this.category, locale: 'en', content } },
    };
  }

  static #slug = () => `client-${Date.now().toString(36)}-${(Newsroom.#articles += 1)}`;

  /** Writes and publishes an article; says its entry, its slug and the number of its revision. */
  async publish(title) {
    const slug = Newsroom.#slug();
    const content = { title, slug, body: { source: 'Words.' } };
    const input = { categoryId: this.category, locale: 'en', content };
    const made = await this.change('createArticle', 'CreateArticleInput', input, 'version { entry { id } newest { number } }');
    const article = { entryId: made.version.entry.id, slug, number: made.version.newest.number };
    await this.change('publishEntry', 'PublishEntryInput', { entryId: article.entryId, locale: 'en' });
    return article;
  }

  /** Publishes it with another title. */
  async correct(article, title) {
    const content = { title, slug: article.slug, body: { source: 'Other words.' } };
    const input = { entryId: article.entryId, locale: 'en', basedOn: article.number, content };
    const saved = await this.change('saveArticle', 'SaveArticleInput', input, 'version { newest { number } }');
    article.number = saved.version.newest.number;
    await this.change('publishEntry', 'PublishEntryInput', { entryId: article.entryId, locale: 'en' });
  }

  async withdraw({ entryId }) {
    await this.change('unpublishEntry', 'UnpublishEntryInput', { entryId, locale: 'en', ending: { gone: true } });
  }
}

/** What its draft is answered with. */
export const DRAFTED = { data: { createArticle: { version: { state: 'DRAFT' }, userErrors: [] } } };

/** What the tests subscribe to: each change of what readers see. */
export const CHANGED = `subscription Changed($after: ChangeCursor) {
  publicationChanged(after: $after) {
    cursor
    mustReread
    change { action entryId }
    publication { title }
  }
}`;

/** An event of it in short: what was done, to which entry, and what it is called now. */
export function told(result) {
  if (result.errors) throw new Error(JSON.stringify(result.errors));
  const { change, publication, mustReread } = result.data.publicationChanged;
  return mustReread ? 'must reread' : [change.action, change.entryId, publication?.title ?? null];
}

/** What is to be heard of an article that is published, corrected and withdrawn. The publication is as it is when it is told of. */
export async function live(newsroom, heard, what) {
  const article = await newsroom.publish(`${what}: published`);
  await heard.first(1);
  await newsroom.correct(article, `${what}: corrected`);
  await heard.first(2);
  await newsroom.withdraw(article);
  await heard.first(3);
  return [
    ['PUT', article.entryId, `${what}: published`],
    ['PUT', article.entryId, `${what}: corrected`],
    ['REMOVED', article.entryId, null],
  ];
}
