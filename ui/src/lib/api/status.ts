const phrases: Record<number, string> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  204: "No Content",
  206: "Partial Content",
  301: "Moved Permanently",
  302: "Found",
  303: "See Other",
  304: "Not Modified",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  409: "Conflict",
  410: "Gone",
  412: "Precondition Failed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/** The status as people know it: `404 Not Found`. */
export function statusLine(status: number): string {
  const phrase = phrases[status];
  return phrase ? `${status} ${phrase}` : String(status);
}

/** What a refusal means, in plain words. Null where the status says it all. */
export function plainly(status: number): string | null {
  switch (status) {
    case 401:
      return "The API does not accept this sign-in. Its audience may be another API.";
    case 403:
      return "You are signed in, but not allowed to do this.";
    case 429:
      return "The API asks for fewer calls. Wait a little.";
    default:
      return null;
  }
}
