// How a provider can be connected: its auth modes, each with the fields that are to be entered.

export const POPUP = ['OAUTH2', 'OAUTH1', 'APP', 'CUSTOM', 'MCP_OAUTH2'];

/** Where the provider declares none itself. */
const USUAL = {
  API_KEY: { apiKey: { secret: true } },
  BASIC: { username: {}, password: { secret: true, optional: true } },
  OAUTH2_CC: { client_id: {}, client_secret: { secret: true } },
  TBA: { token_id: {}, token_secret: { secret: true } },
  JWT: { privateKeyId: {}, issuerId: {}, privateKey: { secret: true } },
  SIGNATURE: { username: {}, password: { secret: true } },
  AWS_SIGV4: { role_arn: {}, region: { optional: true } },
  BILL: { username: {}, password: { secret: true }, organization_id: {}, dev_key: { secret: true } },
};
const LONG = /private_?key$|certificate$/i;

/**
 * @param provider as GET /providers/{provider} answers
 * @param settled configuration that the session has decided already; it is not asked again
 * @param reconnecting the connection has its configuration and keeps it: only its secrets may be given anew
 * @returns [{mode, popup, fields}], the usual way first
 */
export function waysOf(provider, settled = {}, reconnecting = false) {
  const modes = [...new Set([provider.auth_mode, ...(provider.auth_modes ?? [])].filter(Boolean))];
  return modes.map((mode) => {
    const popup = POPUP.includes(mode);
    const entered = popup ? [] : fields(declared(provider, mode), 'credentials');
    const config = fields(provider.connection_config ?? {}, 'params').filter(({ name }) => !Object.hasOwn(settled, name));
    const asked = reconnecting ? config.filter(({ secret }) => secret).map((field) => ({ ...field, initial: '', optional: true })) : config;
    return { mode, popup, fields: [...asked, ...entered] };
  });
}

/** The fields of one mode: `credentials` holds those of the first mode, or one object per mode. */
function declared(provider, mode) {
  const credentials = provider.credentials ?? {};
  const perMode = credentials[mode];
  if (perMode && typeof perMode === 'object') return perMode;
  const own = mode === provider.auth_mode && Object.values(credentials).some((field) => field?.title || field?.type);
  return own ? credentials : USUAL[mode] ?? {};
}

function fields(declarations, group) {
  return Object.entries(declarations)
    .filter(([, field]) => field && typeof field === 'object' && !field.told_by_provider)
    .map(([name, field]) => ({
      name,
      group,
      title: field.title,
      description: field.description,
      example: field.example,
      pattern: compiled(field.pattern),
      initial: field.default ?? field.default_value ?? '',
      optional: Boolean(field.optional),
      secret: Boolean(field.secret),
      long: LONG.test(name),
    }));
}

/** Java's and JavaScript's patterns differ a little; what we cannot read, the server checks. */
function compiled(pattern) {
  try {
    return pattern && pattern !== '.*' ? new RegExp(`^(?:${pattern})$`, 'su') : undefined;
  } catch {
    return undefined;
  }
}
