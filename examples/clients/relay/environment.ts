import { Environment, Network, RecordSource, Store } from 'relay-runtime';

export const makeEnvironment = (url = 'http://127.0.0.1:8080/graphql') =>
  new Environment({
    network: Network.create(async ({ text: query }, variables) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      return response.json();
    }),
    store: new Store(new RecordSource()),
  });
