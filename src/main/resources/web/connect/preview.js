// What `?preview=true` shows, for whoever chooses colours: nothing is asked of the server.

const helpdesk = {
  name: 'sample',
  display_name: 'Sample helpdesk',
  auth_mode: 'API_KEY',
  auth_modes: ['API_KEY'],
  credentials: {},
  connection_config: { url: { title: 'Helpdesk URL', example: 'https://helpdesk.example.com' } },
};

export const SAMPLE = {
  session: {},
  integrations: ['Sample helpdesk', 'Redmine', 'Calendar'].map((name) => ({ unique_key: name.toLowerCase(), display_name: name, provider: 'sample' })),
  provider: async () => ({ data: helpdesk }),
};
