import { PROTOCOL_NAME, PROTOCOL_VERSION } from '../../../protocol/protocol-version.ts';
import type { StaticFiles } from './static-files.ts';

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Maquette</title>
<link rel="stylesheet" href="/panel.css">
<script type="module" src="/panel.js"></script>
<main>
  <h1>Maquette</h1>
  <p>This is the local service of Maquette on this computer. Blender, Unity and the command line make 3D assets with it;
  nobody else on the network can reach it.</p>
  <p role="status" id="status">Connecting …</p>
  <noscript><p>This page needs JavaScript to connect.</p></noscript>
  <p>The web panel comes with a later release. The service ends by itself some minutes after the last program has left it.</p>
</main>
</html>
`;

const STYLE = `:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 40rem; margin: 15vh auto 0; padding: 0 1.5rem; }
`;

// The code leaves the address before anything else happens, and stays out of the history.
const SCRIPT = `const status = document.getElementById('status');
const code = location.hash.slice(1);
history.replaceState(null, '', location.pathname);

async function openSession() {
  if (code === '') return sessionStorage.getItem('token');
  const answer = await fetch('/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  const { token } = await answer.json();
  sessionStorage.setItem('token', token);
  return token;
}

function connect(token) {
  const socket = new WebSocket('ws://' + location.host + '/rpc', ['${PROTOCOL_NAME}', 'token.' + token]);
  const client = {
    name: 'maquette-welcome', version: '1', kind: 'panel', label: 'Web page',
    instance: crypto.randomUUID(), capabilities: [],
  };
  socket.onopen = () => socket.send(JSON.stringify({
    jsonrpc: '2.0', id: 1, method: 'peer/hello', params: { protocol: ${JSON.stringify(PROTOCOL_VERSION)}, client },
  }));
  socket.onmessage = ({ data }) => {
    const { id, result, error } = JSON.parse(data);
    if (id !== 1) return;
    status.textContent = result === undefined
      ? error.message
      : 'Connected to version ' + result.service.version + ', process ' + result.service.pid + '.';
  };
  socket.onclose = () => { status.textContent = 'The connection has ended. Open the panel again from your editor.'; };
}

try {
  const token = await openSession();
  if (token === null) status.textContent = 'Open this page from your editor, or with "maquette serve --open".';
  else connect(token);
} catch (error) {
  status.textContent = error.message;
}
`;

/** What a browser is shown: what this address is, and whether the connection works. */
export const WELCOME_FILES: StaticFiles = new Map([
  ['/', { mediaType: 'text/html; charset=utf-8', content: PAGE }],
  ['/panel.css', { mediaType: 'text/css; charset=utf-8', content: STYLE }],
  ['/panel.js', { mediaType: 'text/javascript; charset=utf-8', content: SCRIPT }],
]);
