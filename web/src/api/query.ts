import { QueryClient } from '@tanstack/vue-query';

import { ApiError } from './error';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 5 * 60_000,
      // The server says what it refuses; only a lost connection is worth another try.
      retry: (tries, error) => tries < 3 && !(error instanceof ApiError && error.status > 0),
      refetchOnWindowFocus: false,
      shallow: true, // nobody changes what was fetched
    },
  },
});
