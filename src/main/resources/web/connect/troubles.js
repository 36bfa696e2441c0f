// What to tell a customer when nothing was connected: what the provider itself said, else our words for the error's code.

const ANEW = 'error_anew', SETUP = 'error_setup', GONE = 'error_gone', SILENT = 'error_silent', ENTERED = 'error_entered', SUPPORT = 'error_support';
const OURS = {
  unreachable: 'unreachable', too_many_request: 'too_many',
  state_err: ANEW, url_param_err: ANEW, invalid_query_params: ANEW, state_cookie_err: 'error_browser',
  unknown_connection: GONE, unknown_provider_config: GONE, unknown_provider_template: GONE, unknown_provider: GONE,
  missing_app: SETUP, invalid_auth_mode: SETUP, auth_mode_err: SETUP, integration_not_allowed: SETUP, invalid_content_type: SETUP,
  missing_hmac: SETUP, invalid_hmac: SETUP, deprecated_authentication: SETUP, missing_public_key: SETUP, invalid_public_key: SETUP,
  connection_exists: 'error_exists',
  address_refused: 'error_address', invalid_request: 'error_address',
  connect_failed: SILENT, timeout: SILENT, connection_reset: SILENT, answer_truncated: SILENT, answer_too_large: SILENT, invalid_answer: SILENT,
  invalid_body: ENTERED, invalid_credentials: ENTERED, connection_test_failed: ENTERED, token_err: ENTERED,
  generic_error_support: SUPPORT, unknown_err: SUPPORT,
};
const DENIED = /access_denied|denied|cancel/i;

/**
 * @param error a SeraiError; its message is for developers, so that a customer sees none of it but what the provider said
 * @param spoken how the server names the provider
 * @returns {{said?: string, ours?: string, denied: boolean}} either `said` or `ours`
 */
export function explained(error, spoken, name, say) {
  const said = saidBy(spoken, error);
  if (said) return { said, denied: DENIED.test(said) };
  const id = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(error.message)?.[0];
  const key = OURS[error.payload?.error?.reason ?? error.code] ?? 'error_other';
  return { ours: say(key === SUPPORT && !id ? 'error_other' : key, { name, id }), denied: false };
}

/** Marked as such in an answer; a popup's end is a message alone, in which the provider speaks after its name. */
function saidBy(spoken, error) {
  if (error.payload) return error.payload.error?.provider_message ?? error.payload.provider_message;
  if (!spoken || !error.message.startsWith(spoken)) return undefined;
  return /^ (?:refused|answered \d{3}(?: to [A-Z]+ \S+)?): (.+)/s.exec(error.message.slice(spoken.length))?.[1];
}
