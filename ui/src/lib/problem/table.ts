/** How much a problem matters: it failed, it needs somebody, or it is only told. */
export type Severity = "danger" | "caution" | "info";

/** What a person can do about a problem from here. */
export type Action = "signIn" | "overLoopback" | "unlock" | "retry" | "edit";

export interface Treatment {
  severity: Severity;
  action: Action | null;
  /** Whether it stands between the browser of this computer and this program, so that a code goes around it. */
  codeHelps: boolean;
}

const told = (severity: Severity, action: Action | null = null): Treatment => ({ severity, action, codeHelps: false });
const aroundIt = (severity: Severity, action: Action): Treatment => ({ severity, action, codeHelps: true });

/**
 * How each error code is shown. Message and hint come with the problem; here is only what the window
 * adds. Where the person must first change something elsewhere, no button pretends to help.
 */
const table: Record<string, Treatment> = {
  profile_invalid: told("danger"),
  profile_not_found: told("danger"),
  profile_exists: told("danger"),
  client_secret_missing: told("caution", "edit"),
  insecure_endpoint: told("danger"),
  request_invalid: told("caution"),
  origin_not_allowed: told("caution"),

  not_signed_in: told("caution", "signIn"),
  session_ended: told("caution", "signIn"),
  not_refreshable: told("caution", "signIn"),

  provider_denied: told("caution", "signIn"),
  cancelled: told("info"),
  timed_out: told("caution", "signIn"),

  metadata_invalid: told("danger"),
  issuer_mismatch: told("danger"),
  unsupported_provider: told("danger"),
  authorization_refused: told("danger"),
  authorization_response_invalid: told("danger", "signIn"),
  state_mismatch: told("danger", "signIn"),
  token_request_refused: told("danger"),
  invalid_grant: told("danger", "signIn"),
  token_endpoint_redirect: told("danger"),
  token_response_invalid: told("danger"),
  unsupported_token_type: told("danger"),
  id_token_missing: told("danger"),
  id_token_invalid: told("danger"),
  userinfo_mismatch: told("danger"),
  step_up_not_satisfied: told("caution", "signIn"),

  offline: told("caution", "retry"),
  network_lost: told("caution", "retry"),
  network_timeout: told("caution", "retry"),
  tls_untrusted: told("danger", "retry"),
  unavailable: told("caution", "retry"),

  keychain_unavailable: told("caution"),
  keychain_locked: told("caution", "unlock"),
  keychain_timeout: told("caution", "unlock"),
  keychain_corrupt: told("danger", "signIn"),
  keychain_too_large: told("danger"),

  api_unauthorized: told("caution", "signIn"),
  response_too_large: told("caution"),

  port_unavailable: aroundIt("danger", "retry"),
  deep_link_unavailable: aroundIt("caution", "overLoopback"),
  browser_unavailable: aroundIt("caution", "retry"),
  lock_timeout: told("caution", "retry"),
  file_error: told("danger", "retry"),
  internal: told("danger"),
};

/** What the window's own backend adds to the engine's codes. */
const shell: Record<string, Treatment> = {
  demo_moved: told("info"),
  not_ready: told("info"),
  forgotten: told("info"),
  clipboard_unavailable: told("caution"),
  scheme_taken: aroundIt("caution", "overLoopback"),
  scheme_unavailable: aroundIt("caution", "overLoopback"),
  no_attempt: told("caution", "signIn"),
  update_invalid: told("danger"),
  update_untrusted: told("danger"),
  update_failed: told("danger"),
  update_not_now: told("caution"),
};

/** How to show a code. One that is not known is shown as a failure, with nothing to press. */
export function treatment(code: string): Treatment {
  const row = [table, shell].find((rows) => Object.hasOwn(rows, code));
  return row?.[code] ?? told("danger");
}

export const knownCodes = { engine: Object.keys(table), shell: Object.keys(shell) };
