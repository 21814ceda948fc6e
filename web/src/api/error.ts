/** An answer of the server that is no success (RFC 9457), or no answer at all (status 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly faults: string[] = [],
    readonly current: unknown = undefined,
  ) {
    super(detail || title);
  }

  get isConflict() {
    return this.status === 409;
  }
}

/** Makes an ApiError of whatever the server answered. */
export function apiError(status: number, body: unknown): ApiError {
  const problem = (typeof body === 'object' && body ? body : {}) as Record<string, unknown>;
  const faults = Array.isArray(problem.faults) ? problem.faults.map(faultText) : [];
  const detail = typeof problem.detail === 'string' ? problem.detail : '';
  const title = typeof problem.title === 'string' ? problem.title : `HTTP ${status}`;
  return new ApiError(status, title, detail, faults, problem.current);
}

function faultText(fault: unknown): string {
  if (typeof fault === 'string') return fault;
  const { name, detail, message } = fault as Record<string, unknown>;
  return [name, detail ?? message].filter(Boolean).join(': ') || JSON.stringify(fault);
}

/** The sentence to show for anything that was thrown. */
export function errorText(error: unknown): string {
  if (error instanceof ApiError) return [error.message, ...error.faults].join('\n');
  return error instanceof Error ? error.message : String(error);
}
